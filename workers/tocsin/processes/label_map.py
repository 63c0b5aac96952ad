"""A corpus' label map: which event types count as each of its labels."""

from pathlib import Path

from tocsin.core.scoring.tally_primary import LabelMap
from tocsin.errors import CorpusError
from tocsin.rulebook.nodes import Listing, Position, Scalar, Table, read_nodes


def load_label_map(path: Path) -> LabelMap:
    """Label -> types. Raises `CorpusError` with every problem, located."""
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise CorpusError(f"{path}: cannot be read ({exc.strerror}): check the path") from exc
    root, found = read_nodes(data, str(path))
    problems = [problem.render() for problem in found]
    labels: dict[str, tuple[str, ...]] = {}
    if root is not None and not isinstance(root, Table):
        problems.append(_problem(path, root.at, "the map is not a mapping", "write one 'LABEL: [types]' a line"))
    for label, (key, node) in (root.entries if isinstance(root, Table) else {}).items():
        items = node.items if isinstance(node, Listing) else [node]
        types = [item.text for item in items if isinstance(item, Scalar) and not item.is_null]
        if isinstance(node, Table) or any(not isinstance(item, Scalar) for item in items):
            problems.append(
                _problem(path, key.at, f"label '{label}' has no list of types", "write 'LABEL: [arrest, raid]'")
            )
        labels[label] = tuple(types)
    if problems:
        raise CorpusError(f"{path}: {len(problems)} problems in the label map", tuple(problems))
    return labels


def _problem(path: Path, at: Position, message: str, remedy: str) -> str:
    return f"{path}:{at.line}:{at.column}: error: {message}: {remedy}"
