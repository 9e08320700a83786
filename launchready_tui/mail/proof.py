"""One message, judged: does it prove that it is the founder's own? (RFC 6376, 7208, 8601, 8617, 9989)"""

from __future__ import annotations

from launchready_tui.proofs import Delivery, Hop, Link, Proof, ProofKept, Recorded, Signature, kept

__all__ = ["Delivery", "Hop", "Link", "Proof", "ProofKept", "Recorded", "Signature", "kept"]
