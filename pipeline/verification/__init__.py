"""What is stored, and whether it fits together: every table against every other, and the recordings."""

from pipeline.verification.problems import Problem
from pipeline.verification.status import DayStatus, JudgedStatus, Status, status_of
from pipeline.verification.verifying import Verified, verify

__all__ = ["DayStatus", "JudgedStatus", "Problem", "Status", "Verified", "status_of", "verify"]
