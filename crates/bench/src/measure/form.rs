//! A ticket with a form beside one without.

use std::time::Duration;

use super::{Bench, ms, number};
use crate::Result;
use crate::contestant::Contestant;
use crate::record::Entry;
use crate::scene::QUIET;
use crate::table::{Figure, Table, Target};

/// So late each response comes, where times are to be numbers of round trips.
const DELAY: Duration = Duration::from_millis(100);

impl Bench<'_> {
    /// Once with responses that take their time, for the round trips and the calls, and once without,
    /// for the milliseconds.
    pub(super) fn form(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        let mut scene = self.scene(contestant)?;
        scene.one_more_inbox()?;
        scene.ask(1)?;
        scene.sandbox.wait_until_quiet(QUIET)?;
        let count = if self.quick { 2 } else { 10 };
        let people = scene.sandbox.crowd("fan", 2 * count + 2)?;
        // What is done for the first time takes longer.
        let (first, people) = people.split_at(2);
        scene.open(&first[0])?;
        scene.submit(1, &first[1])?;
        let (plain, asked) = people.split_at(count);
        let in_ms = |name: &str| Figure {
            name: format!("form: {name}"),
            unit: "ms",
            target: Target::None,
            digits: 1,
        };
        // By turns, so that both have the same machine.
        for (plain, asked) in plain.iter().zip(asked) {
            let served = scene.open(plain)?;
            let (shown, submitted) = scene.submit(1, asked)?;
            for (name, took) in [
                ("plain click to the link, beside it", served.linked),
                ("click to the modal", Some(shown)),
                ("submission to the link", submitted.linked),
                ("submission to the answers", submitted.answers),
            ] {
                if let Some(took) = took {
                    table.add(&in_ms(name), contestant, ms(took));
                }
            }
        }
        self.form_in_trips(contestant, table)
    }

    fn form_in_trips(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        let mut scene = self.scene(contestant)?;
        scene.ask(0)?;
        scene.sandbox.wait_until_quiet(QUIET)?;
        scene.sandbox.delay_answers(DELAY)?;
        let count = if self.quick { 2 } else { 5 };
        let people = scene.sandbox.crowd("fan", count)?;
        let after = scene.sandbox.newest()?;
        for person in &people {
            let (shown, submitted) = scene.submit(0, person)?;
            for (name, most, took) in [
                ("click to the modal", 1.1, Some(shown)),
                ("submission to the link", 2.1, submitted.linked),
                ("submission to the answers", 3.1, submitted.answers),
            ] {
                let figure = Figure {
                    name: format!("form: {name}"),
                    unit: "round trips",
                    target: Target::AtMost(most),
                    digits: 2,
                };
                if let Some(took) = took {
                    table.add(&figure, contestant, ms(took) / 100.0);
                }
            }
        }
        scene.sandbox.wait_until_quiet(QUIET)?;
        let calls = scene.sandbox.record(after)?;
        let calls = calls.iter().filter_map(Entry::call).count();
        let figure = Figure {
            name: "form: calls for a ticket, with the modal".to_owned(),
            unit: "calls",
            target: Target::AtMost(6.0),
            digits: 1,
        };
        table.add(&figure, contestant, number(calls) / number(people.len()));
        Ok(())
    }
}
