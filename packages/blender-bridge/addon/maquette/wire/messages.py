"""JSON-RPC 2.0 as text: reading what the service sends, writing what we send."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from .errors import BridgeError

METHOD_NOT_FOUND, INTERNAL_ERROR, OUR_ERROR = -32601, -32603, -32000


class Request(NamedTuple):
    """The service asks us. request_id: to be sent back as it is, a number or a text."""

    request_id: int | str
    method: str
    params: dict[str, Any]


class Notification(NamedTuple):
    """The service tells us."""

    method: str
    params: dict[str, Any]


class Answer(NamedTuple):
    """The service answers us. request_id: ours, or None where it could not even be read."""

    request_id: int | None
    result: Any
    error: BridgeError | None


Message = Request | Notification | Answer


def parse_message(text: str) -> Message:
    """Read one message.

    raises: BridgeError("PROTOCOL_MISMATCH") for anything that is not one message of JSON-RPC 2.0.
    """
    try:
        message = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise _malformed() from None
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise _malformed()
    request_id, method = message.get("id"), message.get("method")
    if method is not None:
        params = message.get("params", {})
        if not isinstance(method, str) or not isinstance(params, dict):
            raise _malformed()
        if "id" not in message:
            return Notification(method, params)
        if not _is_id(request_id) and not isinstance(request_id, str):
            raise _malformed()
        return Request(request_id, method, params)
    error = message.get("error")
    if error is not None:
        return Answer(request_id if _is_id(request_id) else None, None, _to_error(error))
    if not _is_id(request_id) or "result" not in message:
        raise _malformed()
    return Answer(request_id, message["result"], None)


def encode_message(**members: Any) -> bytes:
    """Write one message as UTF-8.

    raises: BridgeError("INPUT_INVALID") for what JSON or UTF-8 cannot hold: NaN, foreign objects, half a character
    (a path of Blender may hold those).
    """
    try:
        text = json.dumps({"jsonrpc": "2.0", **members}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8")
    except (ValueError, TypeError, RecursionError) as cause:
        raise BridgeError(
            "INPUT_INVALID",
            "A value cannot be sent to the local service.",
            "Remove unusual characters from texts and paths.",
        ) from cause


def encode_error(request_id: int | str, number: int, error: BridgeError) -> bytes:
    """Write the answer to a request that failed."""
    data = {"code": error.code, "message": error.message, "remedy": error.remedy, "retry": "never"}
    try:
        return encode_message(id=request_id, error={"code": number, "message": error.message, "data": data})
    except BridgeError:
        plain = BridgeError(error.code, ascii(error.message), ascii(error.remedy))
        return encode_error(request_id, number, plain)


def _to_error(error: Any) -> BridgeError:
    data = error.get("data") if isinstance(error, dict) else None
    if isinstance(data, dict) and isinstance(data.get("code"), str) and isinstance(data.get("message"), str):
        remedy = data.get("remedy")
        return BridgeError(data["code"], data["message"], remedy if isinstance(remedy, str) else "")
    message = error.get("message") if isinstance(error, dict) else None
    return BridgeError("INTERNAL", message if isinstance(message, str) and message else "The local service failed.")


def _is_id(value: Any) -> bool:
    return type(value) is int  # True is an int, too


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _malformed() -> BridgeError:
    return BridgeError(
        "PROTOCOL_MISMATCH",
        "The local service sent a message that cannot be understood.",
        "Update the add-on and Maquette to the same version.",
    )
