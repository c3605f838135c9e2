"""Head office under thousands of kiosks, while everything is killed."""
