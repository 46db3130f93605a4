//! What is measured, and how.

mod form;

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::Result;
use crate::arguments::Measure;
use crate::contestant::Contestant;
use crate::prepare::Programs;
use crate::record::{Click, Entry, Served};
use crate::sandbox::Options;
use crate::scene::{QUIET, Scene};
use crate::table::{Figure, Table, Target, median};

/// Everything that a measure needs.
pub(crate) struct Bench<'a> {
    pub(crate) programs: &'a Programs,
    pub(crate) runs: usize,
    /// A little of everything is enough.
    pub(crate) quick: bool,
}

impl Bench<'_> {
    pub(crate) fn measure(&self, measure: Measure, table: &mut Table) -> Result<()> {
        match measure {
            Measure::RoundTrips => self.by_turns(table, |one, table| self.round_trips(one, table)),
            Measure::Form => self.by_turns(table, |one, table| {
                if one.has_forms() {
                    return self.form(one, table);
                }
                table.remark(&format!("{} has no forms.", one.name));
                Ok(())
            }),
            Measure::FiveClicks => self.by_turns(table, |one, table| self.five_clicks(one, table)),
            // Twice is enough for what takes half a minute.
            Measure::Crowd => {
                self.by_turns_of(self.runs.min(2), table, |one, table| self.crowd(one, table))
            }
            Measure::Throughput => self.throughput(table),
            Measure::Memory => self.memory(table),
            Measure::Start => self.by_turns(table, |one, table| self.start(one, table)),
            Measure::Tickets => self.by_turns(table, |one, table| self.tickets(one, table)),
            Measure::Idle => self.idle(table),
            Measure::Size => self.size(table),
        }
    }

    /// Each contestant in its turn, as often as wanted.
    fn by_turns(
        &self,
        table: &mut Table,
        once: impl FnMut(&Contestant, &mut Table) -> Result<()>,
    ) -> Result<()> {
        self.by_turns_of(self.runs, table, once)
    }

    fn by_turns_of(
        &self,
        runs: usize,
        table: &mut Table,
        mut once: impl FnMut(&Contestant, &mut Table) -> Result<()>,
    ) -> Result<()> {
        for _ in 0..runs {
            for contestant in self.contestants() {
                once(contestant, table).map_err(|why| format!("{}: {why}", contestant.name))?;
            }
        }
        Ok(())
    }

    /// All but the build without the demo, which is the same bot.
    fn contestants(&self) -> impl Iterator<Item = &Contestant> {
        self.programs
            .contestants
            .iter()
            .filter(|one| !one.is_slim())
    }

    fn scene<'c>(&self, contestant: &'c Contestant) -> Result<Scene<'c>> {
        Scene::with_inbox(contestant, &self.programs.sandbox, Options::default())
    }

    /// With answers that take their time, times become numbers of round trips.
    fn round_trips(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        const DELAY: Duration = Duration::from_millis(100);
        let mut scene = self.scene(contestant)?;
        scene.sandbox.delay_answers(DELAY)?;
        let count = if self.quick { 2 } else { 5 };
        let people = scene.sandbox.crowd("fan", count)?;
        let after = scene.sandbox.newest()?;
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a few seconds")]
        let trips = |ms: Option<i64>| ms.map(|ms| ms as f64 / 100.0);
        for person in &people {
            let served = scene.open(person)?;
            for (name, most, ms) in [
                ("click to acknowledgement", 1.1, served.acknowledged),
                ("click to the owner in the thread", 2.1, served.owner_in),
                ("click to the staff in the thread", 2.1, served.staff_in),
                ("click to the link", 2.1, served.linked),
            ] {
                let figure = Figure {
                    name: name.to_owned(),
                    unit: "round trips",
                    target: Target::AtMost(most),
                    digits: 2,
                };
                if let Some(trips) = trips(ms) {
                    table.add(&figure, contestant, trips);
                }
            }
        }
        scene.sandbox.wait_until_quiet(QUIET)?;
        let calls = scene.sandbox.record(after)?;
        let calls = calls.iter().filter(|entry| entry.call().is_some()).count();
        let figure = Figure {
            name: "calls for a ticket".to_owned(),
            unit: "calls",
            target: Target::AtMost(4.0),
            digits: 1,
        };
        table.add(&figure, contestant, number(calls) / number(people.len()));
        Ok(())
    }

    fn five_clicks(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        let scene = self.scene(contestant)?;
        let people = scene.sandbox.crowd("fan", 5)?;
        let (_, served) = all_click(&scene, contestant, &people, 1)?;
        let figure = Figure {
            name: "of five clicks within 100 ms, served".to_owned(),
            unit: "tickets",
            target: Target::AtLeast(5.0),
            digits: 0,
        };
        table.add(&figure, contestant, number(whole(&served).len()));
        Ok(())
    }

    fn crowd(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        let scene = self.scene(contestant)?;
        let count = if self.quick { 100 } else { 500 };
        let people = scene.sandbox.crowd("fan", count)?;
        let used = scene.bot.cpu_ms()?;
        let (clicks, served) = all_click(&scene, contestant, &people, 1)?;
        let used = scene.bot.cpu_ms()? - used;
        let whole = whole(&served);
        let figure = |name: &str, unit, target, digits| Figure {
            name: format!("{count} clicks at once: {name}"),
            unit,
            target,
            digits,
        };
        let all = number(count);
        let row = figure("served", "tickets", Target::AtLeast(all), 0);
        table.add(&row, contestant, number(whole.len()));
        let mut acknowledged: Vec<_> = served.iter().filter_map(|one| one.acknowledged).collect();
        acknowledged.sort_unstable();
        let acknowledged: Vec<_> = acknowledged.into_iter().map(ms).collect();
        if let Some(median) = median(&acknowledged) {
            let row = figure("acknowledgement, median", "ms", Target::None, 0);
            table.add(&row, contestant, median);
        }
        if let Some(last) = acknowledged.last() {
            let row = figure("acknowledgement, latest", "ms", Target::AtMost(300.0), 0);
            table.add(&row, contestant, *last);
        }
        // Clicks take a while, too: the first one is where the clock starts.
        let first = clicks.first().map_or(0, Click::at);
        let ends = clicks.iter().zip(&served);
        let last = ends.filter_map(|(click, one)| Some(click.at() + one.whole()? - first));
        if let Some(last) = last.max() {
            let row = figure("first click to last ticket", "ms", Target::None, 0);
            table.add(&row, contestant, ms(last));
        }
        let row = figure("clicks made within", "ms", Target::None, 0);
        let clicking = clicks.last().map_or(0, Click::at) - first;
        table.add(&row, contestant, ms(clicking));
        if whole.len() == count {
            let row = figure("processor time for each", "ms", Target::AtMost(1.0), 2);
            table.add(&row, contestant, used / all);
        }
        Ok(())
    }

    fn throughput(&self, table: &mut Table) -> Result<()> {
        /// The number of threads that the sandbox lets a bot create in one channel within five minutes, as
        /// Discord is reported to.
        const IN_ONE_CHANNEL: usize = 50;
        let count: usize = if self.quick { 75 } else { 250 };
        for contestant in self.contestants() {
            if contestant.is_original() {
                table.remark(
                    "The original is left out of the throughput: of clicks that come together it \
                     serves too few.",
                );
                continue;
            }
            let options = Options {
                limits: true,
                ..Options::default()
            };
            let mut scene = Scene::with_inbox(contestant, &self.programs.sandbox, options)?;
            let inboxes = count.div_ceil(IN_ONE_CHANNEL);
            for _ in 1..inboxes {
                scene.one_more_inbox()?;
            }
            let people = scene.sandbox.crowd("fan", count)?;
            let (clicks, served) = all_click(&scene, contestant, &people, inboxes)?;
            let first = clicks.first().map_or(0, Click::at);
            let ends = clicks.iter().zip(&served);
            let ends = ends.filter_map(|(click, one)| Some(click.at() + one.whole()? - first));
            let last = ends.max().ok_or("no ticket was opened")?;
            let opened = whole(&served).len();
            let rate = number(opened) / (ms(last) / 1000.0);
            let figure = Figure {
                name: "tickets a second under Discord's 50 calls a second".to_owned(),
                unit: "a second",
                target: Target::AtLeast(25.0),
                digits: 1,
            };
            table.add(&figure, contestant, rate);
            table.remark(&format!(
                "Throughput: {count} clicks at once in {inboxes} inboxes, from the first click to the \
                 last ticket. Of threads in one channel Discord is reported to allow 50 in five \
                 minutes, so one channel gets no more tickets than that, whatever the bot does."
            ));
            if opened < count {
                table.failed(&format!(
                    "{opened} of {count} were opened under the limits."
                ));
            }
        }
        Ok(())
    }

    fn memory(&self, table: &mut Table) -> Result<()> {
        let all: [(u32, f64, usize); 3] = [(1, 8.0, self.runs), (1000, 10.0, 1), (10_000, 30.0, 1)];
        let sizes = if self.quick { &all[..1] } else { &all[..] };
        for &(servers, most, runs) in sizes {
            for _ in 0..runs {
                for contestant in &self.programs.contestants {
                    if contestant.is_original() && servers > 1000 {
                        table.remark(
                            "The original was not started with 10,000 servers: it takes minutes.",
                        );
                        continue;
                    }
                    let options = Options {
                        servers: servers - 1,
                        ..Options::default()
                    };
                    let mut scene = Scene::set(contestant, &self.programs.sandbox, options)?;
                    // Shards come one after the other, and servers one after the other.
                    scene.sandbox.wait_until_quiet(Duration::from_secs(3))?;
                    scene.bot.wait_until_quiet()?;
                    let figure = Figure {
                        name: resident(servers),
                        unit: "MB",
                        target: Target::AtMost(most),
                        digits: 1,
                    };
                    table.add(&figure, contestant, scene.bot.resident_kb()? / 1000.0);
                    let figure = Figure {
                        name: format!("the most it was until then, {} servers", thousands(servers)),
                        unit: "MB",
                        target: Target::None,
                        digits: 1,
                    };
                    if servers > 1 {
                        table.add(&figure, contestant, scene.bot.peak_kb()? / 1000.0);
                    }
                }
            }
        }
        let each = Figure {
            name: "memory for each further server".to_owned(),
            unit: "kB",
            target: Target::AtMost(2.0),
            digits: 2,
        };
        for contestant in &self.programs.contestants {
            let one = table.median(&resident(1), contestant);
            for servers in [10_000, 1000] {
                let many = table.median(&resident(servers), contestant);
                if let Some((one, many)) = one.zip(many) {
                    let kb = (many - one) * 1000.0 / f64::from(servers - 1);
                    table.add(&each, contestant, kb);
                    break;
                }
            }
        }
        Ok(())
    }

    /// A start on files that are there already, as after an update.
    fn start(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        let scene = Scene::set(contestant, &self.programs.sandbox, Options::default())?;
        let after = scene.sandbox.newest()?;
        let began = SystemTime::now().duration_since(UNIX_EPOCH);
        let began = began.map_err(|error| error.to_string())?.as_millis();
        let scene = scene.restart()?;
        let figure = |name: &str, unit, target, digits| Figure {
            name: format!("start: {name}"),
            unit,
            target,
            digits,
        };
        let row = figure("processor time", "ms", Target::AtMost(50.0), 0);
        table.add(&row, contestant, scene.bot.cpu_ms()?);
        let entries = scene.sandbox.record(after)?;
        let ready = entries.iter().find(|entry| entry.is_ready());
        let ready = ready.ok_or("the bot was not connected")?;
        #[expect(clippy::cast_precision_loss, reason = "a few thousand milliseconds")]
        let took = (i128::from(ready.at) - began.cast_signed()) as f64;
        let row = figure("until connected", "ms", Target::None, 0);
        table.add(&row, contestant, took);
        let calls: Vec<_> = entries.iter().filter_map(Entry::call).collect();
        let row = figure("calls", "calls", Target::AtMost(2.0), 0);
        table.add(&row, contestant, number(calls.len()));
        let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
        for call in &calls {
            *kinds.entry(call).or_default() += 1;
        }
        let kinds: Vec<_> = kinds
            .into_iter()
            .map(|(call, times)| format!("`{call}` × {times}"))
            .collect();
        table.remark(&format!(
            "Calls of a start, {}: {}.",
            contestant.name,
            kinds.join(", ")
        ));
        Ok(())
    }

    fn tickets(&self, contestant: &Contestant, table: &mut Table) -> Result<()> {
        let count = match (self.quick, contestant.is_original()) {
            (true, _) => 20,
            (false, true) => 100,
            (false, false) => 300,
        };
        let mut scene = self.scene(contestant)?;
        // What is done for the first time takes longer.
        let people = scene.sandbox.crowd("fan", count + 5)?;
        let (first, rest) = people.split_at(5);
        for person in first {
            scene.open(person)?;
        }
        scene.bot.wait_until_quiet()?;
        let used = scene.bot.cpu_ms()?;
        for person in rest {
            scene.open(person)?;
        }
        scene.bot.wait_until_quiet()?;
        let used = scene.bot.cpu_ms()? - used;
        let figure = Figure {
            name: "processor time for a ticket".to_owned(),
            unit: "ms",
            target: Target::AtMost(1.0),
            digits: 2,
        };
        table.add(&figure, contestant, used / number(count));
        let figure = Figure {
            name: "memory after these tickets".to_owned(),
            unit: "MB",
            target: Target::None,
            digits: 1,
        };
        table.add(&figure, contestant, scene.bot.resident_kb()? / 1000.0);
        if !self.quick {
            table.remark("Tickets one after the other: 300, of the original 100.");
        }
        Ok(())
    }

    /// All at the same time: none of them does anything.
    fn idle(&self, table: &mut Table) -> Result<()> {
        /// What the sandbox asks for, as Discord does.
        const HEARTBEAT: Duration = Duration::from_millis(41_250);
        let mut scenes = Vec::new();
        for contestant in self.contestants() {
            let scene = self.scene(contestant)?;
            scenes.push((contestant, scene));
        }
        for (_, scene) in &mut scenes {
            scene.bot.wait_until_quiet()?;
        }
        let before: Vec<_> = scenes
            .iter()
            .map(|(_, scene)| Ok((scene.bot.sleeps(), scene.bot.cpu_ms()?)))
            .collect::<Result<_>>()?;
        sleep(HEARTBEAT);
        for ((contestant, scene), (sleeps, used)) in scenes.iter().zip(before) {
            let seconds = HEARTBEAT.as_secs_f64();
            let figure = |name: &str, unit, target, digits| Figure {
                name: format!("idle for {seconds} s: {name}"),
                unit,
                target,
                digits,
            };
            // One heartbeat: tokio's timer comes down to it in up to three steps; then its answer.
            let row = figure("wake-ups", "wake-ups", Target::AtMost(4.0), 0);
            table.add(&row, contestant, scene.bot.sleeps() - sleeps);
            let row = figure("processor time", "ms", Target::None, 1);
            table.add(&row, contestant, scene.bot.cpu_ms()? - used);
        }
        Ok(())
    }

    fn size(&self, table: &mut Table) -> Result<()> {
        for contestant in &self.programs.contestants {
            let Some(program) = contestant.program() else {
                continue;
            };
            let about = std::fs::metadata(program)
                .map_err(|error| format!("{}: {error}", program.display()))?;
            let most = if contestant.is_slim() { 7.0 } else { 10.0 };
            let name = if contestant.is_slim() {
                "size of the program without the demo"
            } else {
                "size of the program"
            };
            let figure = Figure {
                name: name.to_owned(),
                unit: "MB",
                target: Target::AtMost(most),
                digits: 2,
            };
            #[expect(
                clippy::cast_precision_loss,
                reason = "two digits of a megabyte are shown"
            )]
            table.add(&figure, contestant, about.len() as f64 / 1e6);
        }
        Ok(())
    }
}

/// All click one after the other, as fast as they can; then everything comes to its end.
fn all_click(
    scene: &Scene<'_>,
    contestant: &Contestant,
    people: &[String],
    inboxes: usize,
) -> Result<(Vec<Click>, Vec<Served>)> {
    let after = scene.sandbox.newest()?;
    let clicks: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(at, person)| scene.click_in(at % inboxes, person))
        .collect::<Result<_>>()?;
    // Clicks that are not answered fail after three seconds, and a limit can hold for one.
    let quiet = if contestant.is_original() {
        Duration::from_secs(5)
    } else {
        Duration::from_millis(1700)
    };
    scene.sandbox.wait_until_quiet(quiet)?;
    let served = scene.served(after, &clicks)?;
    Ok((clicks, served))
}

fn resident(servers: u32) -> String {
    format!(
        "memory, idle, {} server{}",
        thousands(servers),
        if servers == 1 { "" } else { "s" }
    )
}

fn thousands(number: u32) -> String {
    if number < 1000 {
        number.to_string()
    } else {
        format!("{},{:03}", number / 1000, number % 1000)
    }
}

fn whole(served: &[Served]) -> Vec<i64> {
    served.iter().filter_map(Served::whole).collect()
}

fn ms(ms: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of some minutes")]
    let ms = ms as f64;
    ms
}

fn number(count: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand things")]
    let number = count as f64;
    number
}
