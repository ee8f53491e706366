"""Single values out of text: prices, times, titles, codes. Pure functions."""
