"""What a reader sees: label tables, price blocks, main text. The last resort for pages without markup."""
