"""Servers that stand in for services which a test cannot meet, each held to the published schema."""
