//! The figures, as Markdown for a page and as JSON for a program.

use std::fmt::Write as _;
use std::process::Command;

use serde_json::{Value, json};

use crate::contestant::Contestant;

/// Something that is measured.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: &'static str,
    pub(crate) target: Target,
    /// Digits after the point.
    pub(crate) digits: usize,
}

/// What the project has set itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    AtMost(f64),
    AtLeast(f64),
    None,
}

/// All figures of all contestants. The first contestant is the one whose targets they are.
pub(crate) struct Table {
    names: Vec<String>,
    original: Option<usize>,
    rows: Vec<Row>,
    remarks: Vec<String>,
    is_whole: bool,
}

struct Row {
    figure: Figure,
    /// For each contestant what was measured, in the order of the runs.
    values: Vec<Vec<f64>>,
}

impl Table {
    pub(crate) fn new(contestants: &[Contestant]) -> Self {
        Self {
            names: contestants.iter().map(|one| one.name.clone()).collect(),
            original: contestants.iter().position(Contestant::is_original),
            rows: Vec::new(),
            remarks: Vec::new(),
            is_whole: true,
        }
    }

    pub(crate) fn add(&mut self, figure: &Figure, contestant: &Contestant, value: f64) {
        let at = self.names.iter().position(|name| *name == contestant.name);
        let known = self.rows.iter().position(|row| row.figure == *figure);
        let row = known.unwrap_or(self.rows.len());
        if known.is_none() {
            self.rows.push(Row {
                figure: figure.clone(),
                values: vec![Vec::new(); self.names.len()],
            });
        }
        if let Some(at) = at {
            self.rows[row].values[at].push(value);
        }
    }

    /// The median of a figure that was measured before.
    pub(crate) fn median(&self, name: &str, contestant: &Contestant) -> Option<f64> {
        let at = self
            .names
            .iter()
            .position(|name| *name == contestant.name)?;
        let row = self.rows.iter().find(|row| row.figure.name == name)?;
        median(&row.values[at])
    }

    /// Something that who reads the table should know.
    pub(crate) fn remark(&mut self, text: &str) {
        if !self.remarks.iter().any(|known| known == text) {
            self.remarks.push(text.to_owned());
        }
    }

    /// A measure failed.
    pub(crate) fn failed(&mut self, why: &str) {
        self.is_whole = false;
        self.remark(why);
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.is_whole
    }

    pub(crate) fn markdown(&self) -> String {
        let mut text = String::from("| | target |");
        for name in &self.names {
            let _ = write!(text, " {name} |");
        }
        if self.original.is_some() {
            text.push_str(" better |");
        }
        text.push_str("\n|---|--:|");
        text.push_str(&"--:|".repeat(self.names.len() + usize::from(self.original.is_some())));
        text.push('\n');
        for row in &self.rows {
            let _ = write!(text, "| {} | {} |", row.figure.name, row.target());
            for values in &row.values {
                let _ = write!(text, " {} |", cell(values, row.figure.digits));
            }
            if let Some(original) = self.original {
                let _ = write!(text, " {} |", row.better_than(original));
            }
            text.push('\n');
        }
        let _ = write!(text, "\n{}", surroundings());
        for remark in &self.remarks {
            let _ = write!(text, "\n{remark}");
        }
        text.push('\n');
        text
    }

    pub(crate) fn json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(|row| row.json(&self.names)).collect();
        let all = json!({
            "surroundings": surroundings(),
            "remarks": self.remarks,
            "figures": rows,
        });
        // Numbers and text can always be written.
        let mut text = serde_json::to_string_pretty(&all).unwrap_or_default();
        text.push('\n');
        text
    }
}

impl Row {
    /// The target, and whether the first contestant that was measured reaches it.
    fn target(&self) -> String {
        let (sign, bound) = match self.figure.target {
            Target::AtMost(bound) => ("≤", bound),
            Target::AtLeast(bound) => ("≥", bound),
            Target::None => return self.figure.unit.to_owned(),
        };
        let measured = self.values.iter().find_map(|values| median(values));
        let reached = measured.map_or("", |median| {
            let is_reached = match self.figure.target {
                Target::AtLeast(bound) => median >= bound,
                _ => median <= bound,
            };
            if is_reached { "✓ " } else { "✗ " }
        });
        format!("{reached}{sign} {bound} {}", self.figure.unit)
    }

    /// By what factor the first contestant is better than the original.
    fn better_than(&self, original: usize) -> String {
        let pair = median(&self.values[0]).zip(median(&self.values[original]));
        let Some((ours, theirs)) = pair.filter(|(ours, theirs)| *ours > 0.0 && *theirs > 0.0)
        else {
            return String::new();
        };
        let factor = match self.figure.target {
            Target::AtLeast(_) => ours / theirs,
            _ => theirs / ours,
        };
        let digits = usize::from(factor < 9.95);
        format!("{factor:.digits$}×")
    }

    fn json(&self, names: &[String]) -> Value {
        let measured: serde_json::Map<String, Value> = names
            .iter()
            .zip(&self.values)
            .filter(|(_, values)| !values.is_empty())
            .map(|(name, values)| {
                let (least, most) = range(values);
                let about = json!({
                    "median": median(values),
                    "least": least,
                    "most": most,
                    "values": values,
                });
                (name.clone(), about)
            })
            .collect();
        let (at_most, at_least) = match self.figure.target {
            Target::AtMost(bound) => (Some(bound), None),
            Target::AtLeast(bound) => (None, Some(bound)),
            Target::None => (None, None),
        };
        json!({
            "figure": self.figure.name,
            "unit": self.figure.unit,
            "at_most": at_most,
            "at_least": at_least,
            "measured": measured,
        })
    }
}

/// The median, and the range where there is one.
fn cell(values: &[f64], digits: usize) -> String {
    let Some(median) = median(values) else {
        return "–".to_owned();
    };
    let (least, most) = range(values);
    let (median, least, most) = (
        format!("{median:.digits$}"),
        format!("{least:.digits$}"),
        format!("{most:.digits$}"),
    );
    if least == most {
        median
    } else {
        format!("{median} ({least}–{most})")
    }
}

/// The middle value, or the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        length if length % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

fn range(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (least, most)
}

/// On what it was measured.
fn surroundings() -> String {
    let first_line = |command: &str, argument: &str| {
        let output = Command::new(command).arg(argument).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        text.lines().next().map(str::to_owned)
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kernel = first_line("uname", "-sr").unwrap_or_default();
    let rustc = first_line("rustc", "--version").unwrap_or_default();
    format!("Measured with {cores} cores, {kernel}, {rustc}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_the_median_and_the_range() {
        assert_eq!(cell(&[], 1), "–");
        assert_eq!(cell(&[2.04, 2.01], 1), "2.0");
        assert_eq!(cell(&[3.0, 1.0, 2.0], 0), "2 (1–3)");
        assert_eq!(median(&[4.0, 1.0]), Some(2.5));
    }

    #[test]
    fn a_row_tells_whether_the_target_is_reached_and_by_what_factor() {
        let row = |target, ours, theirs| Row {
            figure: Figure {
                name: String::new(),
                unit: "MB",
                target,
                digits: 1,
            },
            values: vec![vec![ours], vec![theirs]],
        };
        let memory = row(Target::AtMost(8.0), 7.0, 70.0);
        assert_eq!(memory.target(), "✓ ≤ 8 MB");
        assert_eq!(memory.better_than(1), "10×");
        let rate = row(Target::AtLeast(25.0), 20.0, 4.0);
        assert_eq!(rate.target(), "✗ ≥ 25 MB");
        assert_eq!(rate.better_than(1), "5.0×");
        assert_eq!(row(Target::None, 0.0, 4.0).better_than(1), "");
    }
}
