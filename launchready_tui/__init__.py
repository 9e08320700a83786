"""launchready: walks a founder from one typed domain to a launch that holds and a handover that stays true."""

__version__ = "0.1.0"
