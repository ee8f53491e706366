"""One module for each kind of item: what it takes from the markups, the profile and the visible page."""
