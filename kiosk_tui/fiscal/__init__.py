"""What speaks to a signer that fiscal law wants: programs and services of others, JSON in and out."""
