"""Options that several commands share, each declared once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Engine(StrEnum):
    """Recognisers that can be chosen."""

    FASTER_WHISPER = "faster-whisper"
    OPENAI_WHISPER = "openai-whisper"


class Where(StrEnum):
    """Executors that can be chosen."""

    LOCAL = "local"
    RAY = "ray"


Recordings = Annotated[
    str,
    typer.Argument(
        help="A folder, a glob, one recording, or a manifest (.csv, .parquet) with a 'path' column.",
        show_default=False,
    ),
]
Out = Annotated[
    Path, typer.Option("--out", help="Folder of the tables, or s3://bucket/folder.", show_default=False)
]
Stored = Annotated[Path, typer.Argument(help="Folder of the tables.", show_default=False)]
Rulebooks = Annotated[
    list[str] | None,
    typer.Option(
        "--rulebook",
        help="Rulebook name or YAML file, for every call; may be repeated. "
        "Without it each call is judged under its own 'standards' column.",
        show_default=False,
    ),
]
Lexicon = Annotated[
    str | None,
    typer.Option(
        "--lexicon",
        help="The desk's own words, one a line: a file, or one that is shipped (airline-tickets, "
        "online-banking, online-shop, telecom). Homophones of them are written as them.",
        show_default=False,
    ),
]
TonePlan = Annotated[
    str,
    typer.Option(
        "--tone-plan",
        help="The network's ringback and busy tones: a shipped plan (cn, eu, hk, tw, uk, us), or a file.",
    ),
]
EngineOption = Annotated[Engine, typer.Option("--engine", help="Recogniser.")]
Weights = Annotated[
    str,
    typer.Option(
        "--weights", help="A folder, the name of a bundled package, or the name of a cached hub model."
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        "--workers", min=0, help="Processes that hear calls; 0 chooses by the machine, or the cluster."
    ),
]
Judges = Annotated[
    int, typer.Option("--workers", min=0, help="Processes that judge; 0 chooses by machine and calls.")
]
Threads = Annotated[
    int, typer.Option("--threads", min=0, help="Threads of each worker; 0 shares the machine's cores.")
]
ExecutorOption = Annotated[
    Where, typer.Option("--executor", help="Hear in processes of this machine, or on a Ray cluster.")
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address",
        help="Ray cluster to hear on, host:port; without it Ray is started on this machine.",
        show_default=False,
    ),
]
GpusPerWorker = Annotated[
    float,
    typer.Option("--gpus-per-worker", min=0.0, help="Share of a GPU for each worker of a Ray cluster."),
]
CallLimitS = Annotated[
    float | None,
    typer.Option(
        "--call-limit-s",
        min=1.0,
        help="Seconds that hearing one call may take; one that takes longer is tried once more alone. "
        "Without it 5 minutes and 6 times its length.",
        show_default=False,
    ),
]
Pattern = Annotated[
    str | None,
    typer.Option(
        "--file-names",
        help="Where metadata stands in file names: a preset (asterisk, aws-post-call, in-out, "
        "in-out-outbound, agent-caller) or a regular expression with named groups.",
        show_default=False,
    ),
]
FollowLinks = Annotated[
    bool, typer.Option("--follow-links", help="Also hear what links lead to outside the folder given.")
]
Timezone = Annotated[str, typer.Option("--timezone", help="Time zone of times that are written without one.")]
KeepPersonalData = Annotated[
    bool,
    typer.Option(
        "--keep-personal-data",
        help="Store telephone, identity and card numbers, names and addresses as they were said. "
        "Without it the tables hold only their kind, such as [手机号].",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Profile = Annotated[
    bool, typer.Option("--profile", help="Say where the time went, by stage and call, at the end.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress bar.")]
