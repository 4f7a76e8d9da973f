"""How far the audit and careful graders agree, clause by clause, and which threshold would agree best."""

from pipeline.calibration.agreement import Agreement, agreement
from pipeline.calibration.clauses import Calibration, ClauseCalibration, calibrate
from pipeline.calibration.labels import Label, read_labels
from pipeline.calibration.stored import stored_findings
from pipeline.calibration.sweeps import Sweep, SweepPoint, sweep_clause

__all__ = [
    "Agreement",
    "Calibration",
    "ClauseCalibration",
    "Label",
    "Sweep",
    "SweepPoint",
    "agreement",
    "calibrate",
    "read_labels",
    "stored_findings",
    "sweep_clause",
]
