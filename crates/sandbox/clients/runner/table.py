"""Results, as a table for people and as JSON for programs."""

from dataclasses import asdict, dataclass, field


@dataclass
class Step:
    name: str
    why: str | None = None  # Why it failed; None if it went well.
    lacking: bool = False  # The bot does not have it.


@dataclass
class Result:
    client: str
    version: str
    seconds: float = 0.0
    steps: list[Step] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return bool(self.steps) and all(step.why is None for step in self.steps)

    def as_json(self) -> dict:
        return {**asdict(self), "ok": self.ok}


def render(results: list[Result]) -> str:
    """Markdown: one table for those with the same steps, and why something failed below."""
    groups: dict[tuple[str, ...], list[Result]] = {}
    for result in results:
        groups.setdefault(tuple(step.name for step in result.steps), []).append(result)
    tables = [_table(names, group) for names, group in groups.items()]
    failures = [
        f"- {result.client}, {step.name}: {step.why}"
        for result in results
        for step in result.steps
        if step.why is not None
    ]
    return "\n".join(tables) + ("\n" + "\n".join(failures) + "\n" if failures else "")


def _table(names: tuple[str, ...], results: list[Result]) -> str:
    rows = [["step", *(f"{result.client} {result.version}" for result in results)]]
    for index, name in enumerate(names):
        rows.append([name, *(_mark(r.steps[index]) for r in results)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths)) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def _mark(step: Step) -> str:
    if step.lacking:
        return "–"
    return "ok" if step.why is None else "**failed**"
