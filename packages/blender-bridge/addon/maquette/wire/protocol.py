"""Messages of the wire protocol.

Written by scripts/generate-wire-types.ts from the schemas of the SDK. Do not edit.
"""

from __future__ import annotations

from typing import Any, Dict, List, Literal, Tuple, TypedDict, Union

PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 0

PEER_HELLO = "peer/hello"
PEER_RENAME = "peer/rename"
PROVIDER_LIST = "provider/list"
JOB_CREATE = "job/create"
JOB_ESTIMATE = "job/estimate"
JOB_CANCEL = "job/cancel"
JOB_RETRY = "job/retry"
JOB_RESUME = "job/resume"
JOB_ADOPT = "job/adopt"
JOB_GET = "job/get"
JOB_LIST = "job/list"
JOB_WATCH = "job/watch"
JOB_CHANGED = "job/changed"
JOB_SUBSCRIBE = "job/subscribe"
JOB_UNSUBSCRIBE = "job/unsubscribe"
JOB_EVENT = "job/event"
ASSET_DESCRIBE = "asset/describe"
ASSET_LINK = "asset/link"
ASSET_IMPORT = "asset/import"
ENGINE_IMPORT = "engine/import"
ASSET_IMPORTED = "asset/imported"
ENGINE_LIST = "engine/list"
ENGINE_SELECTION = "engine/selection"
ENGINE_PLACEHOLDER = "engine/placeholder"
KEY_SET = "key/set"
KEY_REMOVE = "key/remove"
KEY_LIST = "key/list"
DOCTOR_RUN = "doctor/run"
PANEL_LINK = "panel/link"
SERVICE_STOPPING = "service/stopping"


JobAction = Literal["cancel", "retry", "resume", "import"]


Json = Any


class AssetDescribeParams(TypedDict):
    job: str


class AssetDescribeResult(TypedDict):
    job: str
    folder: str
    files: List[Dict[str, Any]]


class _AssetImportParamsAlways(TypedDict):
    job: str


class AssetImportParams(_AssetImportParamsAlways, total=False):
    target: str
    replaces: str


class AssetImportResult(TypedDict):
    receipt: ImportReceipt


class AssetImportedParams(TypedDict):
    receipt: ImportReceipt


class AssetLinkParams(TypedDict):
    job: str
    file: str


class _AssetLinkResultAlways(TypedDict):
    url: str
    bytes: int
    mediaType: str
    expiresAt: float


class AssetLinkResult(_AssetLinkResultAlways, total=False):
    digest: str


class Bounds(TypedDict):
    min: Tuple[float, float, float]
    max: Tuple[float, float, float]


class Client(TypedDict):
    name: str
    version: str
    kind: Literal["engine", "panel", "tool"]
    instance: str
    label: str
    capabilities: List[str]


class DoctorRunParams(TypedDict):
    pass


class DoctorRunResult(TypedDict):
    findings: List[Dict[str, Any]]


class _EngineImportParamsAlways(TypedDict):
    job: str
    folder: str


class EngineImportParams(_EngineImportParamsAlways, total=False):
    replaces: str


class EngineImportResult(TypedDict):
    receipt: ImportReceipt


class EngineListParams(TypedDict):
    pass


class EngineListResult(TypedDict):
    engines: List[Client]


class EnginePlaceholderQueryParams(TypedDict):
    pass


class EnginePlaceholderResult(TypedDict):
    placeholder: Union[Dict[str, Any], None]


class EngineSelectionParams(TypedDict, total=False):
    target: str


class EngineSelectionQueryParams(TypedDict):
    pass


class EngineSelectionResult(TypedDict):
    objects: List[Dict[str, Any]]


class _ErrorRecordAlways(TypedDict):
    code: str
    message: str
    retry: Literal["never", "later"]


class ErrorRecord(_ErrorRecordAlways, total=False):
    remedy: str
    retryAfterMs: float
    details: Dict[str, Any]


class ImportReceipt(TypedDict):
    job: str
    object: str
    objects: List[str]


class _JobAdoptParamsAlways(TypedDict):
    provider: str
    task: str


class JobAdoptParams(_JobAdoptParamsAlways, total=False):
    output: Literal["mesh", "splat"]
    profile: Literal["unity", "blender", "web", "print"]
    folder: str
    parent: str


class JobAdoptResult(TypedDict):
    job: JobView


class JobCancelParams(TypedDict):
    job: str


class JobCancelResult(TypedDict):
    job: JobView


class JobChangedParams(TypedDict):
    job: JobView


class JobCreateResult(TypedDict):
    job: JobView


class _JobEstimateResultAlways(TypedDict):
    provider: str
    output: Literal["mesh", "splat"]
    cost: str
    credit: str
    licence: str
    warnings: List[str]


class JobEstimateResult(_JobEstimateResultAlways, total=False):
    estimate: Dict[str, Any]


class JobEventParams(TypedDict):
    job: str
    seq: int
    at: float
    type: str
    event: Dict[str, Any]


class JobGetParams(TypedDict):
    job: str


class JobGetResult(TypedDict):
    job: JobView


class JobListParams(TypedDict, total=False):
    limit: int


class JobListResult(TypedDict):
    jobs: List[JobView]


class JobOrder(TypedDict, total=False):
    prompt: str
    image: str
    provider: str
    output: Literal["mesh", "splat"]
    seed: int
    model: str
    options: Dict[str, Any]
    profile: Literal["unity", "blender", "web", "print"]
    levels: int
    height: float
    maxCost: float
    folder: str
    parent: str


class _JobResumeParamsAlways(TypedDict):
    job: str


class JobResumeParams(_JobResumeParamsAlways, total=False):
    folder: str


class JobResumeResult(TypedDict):
    job: JobView


class _JobRetryParamsAlways(TypedDict):
    job: str


class JobRetryParams(_JobRetryParamsAlways, total=False):
    parent: str


class JobRetryResult(TypedDict):
    job: JobView


class _JobSubscribeParamsAlways(TypedDict):
    job: str


class JobSubscribeParams(_JobSubscribeParamsAlways, total=False):
    afterSeq: int


class JobSubscribeResult(TypedDict):
    job: JobView


class JobUnsubscribeParams(TypedDict):
    job: str


class JobUnsubscribeResult(TypedDict):
    pass


class _JobViewAlways(TypedDict):
    job: str
    seq: int
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    stage: str
    progress: Any
    summary: str
    prompt: str
    name: str
    provider: str
    providerName: str
    output: Literal["mesh", "splat"]
    createdAt: float
    updatedAt: float
    cost: str
    credit: str
    licence: str
    warnings: List[str]
    actions: List[JobAction]


class JobView(_JobViewAlways, total=False):
    seed: int
    operation: str
    endedAt: float
    estimate: Dict[str, Any]
    actual: Dict[str, Any]
    folder: str
    error: ErrorRecord
    requester: Dict[str, Any]


class JobWatchParams(TypedDict, total=False):
    limit: int


class JobWatchResult(TypedDict):
    jobs: List[JobView]


class KeyListParams(TypedDict):
    pass


class KeyListResult(TypedDict):
    keys: List[Dict[str, Any]]


class KeyRemoveParams(TypedDict):
    provider: str


class KeyRemoveResult(TypedDict):
    key: Dict[str, Any]
    removed: bool


class KeySetParams(TypedDict):
    provider: str
    value: str


class KeySetResult(TypedDict):
    key: Dict[str, Any]


class PanelLinkParams(TypedDict):
    pass


class PanelLinkResult(TypedDict):
    url: str


class PeerHelloParams(TypedDict):
    protocol: Dict[str, Any]
    client: Client


class PeerHelloResult(TypedDict):
    protocol: Dict[str, Any]
    service: Dict[str, Any]
    capabilities: List[str]
    limits: Dict[str, Any]
    heartbeatMs: int


class PeerRenameParams(TypedDict):
    label: str


class PeerRenameResult(TypedDict):
    pass


class ProviderListParams(TypedDict):
    pass


class ProviderListResult(TypedDict):
    providers: List[ProviderView]


class _ProviderViewAlways(TypedDict):
    id: str
    name: str
    credit: str
    licence: str
    offline: bool
    isDefault: bool
    outputs: Dict[str, Any]
    models: List[Dict[str, Any]]
    price: str
    canCancel: bool
    canAdopt: bool
    options: List[Dict[str, Any]]


class ProviderView(_ProviderViewAlways, total=False):
    homepage: str
    currency: str
    key: Literal["missing", "environment", "key-store"]


class ServiceStoppingParams(TypedDict):
    reason: str
