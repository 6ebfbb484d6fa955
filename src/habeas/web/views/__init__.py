"""The pages: each parses what came, asks for one thing or does one verb, and shows one page."""
