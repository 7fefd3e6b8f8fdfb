"""Sign a WACZ with a key of one's own, as the WACZ signing specification has it for signers without a domain."""

from __future__ import annotations

from base64 import b64encode
from importlib.metadata import version
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

CURVE = ec.SECP384R1
"""The one that ReplayWeb.page knows."""

_BYTES = 48
"""Of either half of a signature."""


class SigningKeyError(OSError):
    """A file that holds no key to sign with; the message names it and says how to make one."""


class Signer:
    """A key to sign with."""

    def __init__(self, file: Path) -> None:
        """Read it from a PEM file. Raises SigningKeyError."""
        try:
            key = load_pem_private_key(file.read_bytes(), password=None)
        except (OSError, TypeError, UnsupportedAlgorithm, ValueError) as error:
            raise SigningKeyError(f"{file}: no key without a password in PEM: {_CURE}") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, CURVE):
            raise SigningKeyError(f"{file}: no key of the curve P-384: {_CURE}")
        self._key = key

    def __call__(self, digest: str, created: str) -> dict[str, str]:
        """What is to be known of a signature: whoever has it can tell that the holder of this key signed the digest.

        The signature is of the digest as it is written, `sha256:` and hexadecimal.
        """
        halves = decode_dss_signature(self._key.sign(digest.encode("ascii"), ec.ECDSA(SHA256())))
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return {
            "hash": digest,
            "created": created,
            "software": f"zhaoshang/{version('zhaoshang')}",
            "publicKey": b64encode(public).decode("ascii"),
            "signature": b64encode(b"".join(half.to_bytes(_BYTES) for half in halves)).decode("ascii"),
        }


_CURE = "make one with `openssl ecparam -name secp384r1 -genkey -noout -out KEY.pem`"
