"""Planted keys and look-alikes in a made-up repository, written before any rule was looked at: see keys.plant."""
