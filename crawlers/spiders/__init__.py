"""The spiders. They only decide what to ask for next; reading, judging and recording are done elsewhere."""
