"""What the benchmarks share: whole processes, timed in turns, compared within one run."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

LABELS = """\
      <View>
        <Header value="What do you see?"/>
        <Image name="image" value="$image" zoom="true"/>
        <Choices name="finding" toName="image" choice="multiple">
          <Choice value="Normal" hotkey="1"/>
          <Choice value="Pneumonia" hotkey="2"/>
          <Choice value="Effusion" hotkey="3"/>
        </Choices>
        <TextArea name="note" toName="image" rows="2"/>
      </View>
"""


def project(number: int) -> str:
    """One generated project as YAML, below `projects:`."""
    return (
        f"  Project {number:05}:\n"
        f"    description: The generated project number {number}.\n"
        f"    label_config: |\n{LABELS}"
        f"    expert_instruction: Look at the whole image, then decide.\n"
        f"    maximum_annotations: {1 + number % 3}\n"
        f"    show_instruction: true\n"
        f"    sampling: Uniform sampling\n"
        f'    color: "#1F77B4"\n'
        f"    show_skip_button: {'true' if number % 2 else 'false'}\n"
    )


def seconds(command: Sequence[str]) -> float:
    """How long one run of a command takes, start to end."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def compare(ours: Sequence[str], other: Sequence[str], *, rounds: int = 7) -> tuple[float, float]:
    """The medians of both commands, run in turns after one round to warm the caches."""
    seconds(ours), seconds(other)
    pairs = [(seconds(ours), seconds(other)) for _ in range(rounds)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def report(name: str, ours: float, other: float, goal: float) -> None:
    """One line: both times in milliseconds, their ratio, and the goal."""
    print(f"{name}: {ours * 1000:.0f} ms against {other * 1000:.0f} ms = {ours / other:.2f} x (goal {goal} x)")


def peak_mebibytes() -> float:
    """The most memory that any finished child process held."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


PYTHON = sys.executable
