"""The screens: an app that shows one at a time, and the journeys that lead through them."""
