//! What must be true of a server once a fault is over and everybody is done.

use std::collections::{HashMap, HashSet};

use discord_sandbox::Sandbox;
use discord_sandbox::id::{ChannelId, GuildId, UserId};
use theticketbot::store::Store;
use tickets::ticket::{Ticket, reconcile};

use crate::scene::{Notes, Rows, Scene};

/// Describes everything that is wrong in a server. It checks the promises of [`crate::check`] that do not
/// depend on what people did: no event is missed in these runs, but some come late.
pub(super) async fn wrong_in(
    sandbox: &Sandbox,
    store: &Store,
    guild: GuildId,
) -> Result<Vec<String>, String> {
    let scene = sandbox.look(|look| Scene::of_guild(look, guild, &Notes::default()));
    let rows = Rows::of(store, guild).await?;
    let known: HashMap<u64, &Ticket> = rows.tickets.iter().map(|it| (it.id.0, it)).collect();
    let mut wrong = Vec::new();
    let mut open: HashMap<UserId, Vec<ChannelId>> = HashMap::new();
    for seen in &scene.tickets {
        let mut say = |what: &str| wrong.push(format!("{guild}: {what}: {seen:?}"));
        let Some(row) = known.get(&seen.id.0) else {
            say("a thread is not in the database");
            continue;
        };
        if seen.starters.len() != 1 {
            say("not one starting message");
        }
        if seen.notes > 1 {
            say("more than one note");
        }
        if row.owner.map(|owner| owner.0) != seen.owner.map(|owner| owner.0) {
            say("not its owner");
        }
        if row.is_closed() != seen.archived || seen.archived && !seen.locked {
            say(&format!(
                "it is not as closed as the database says: {row:?}"
            ));
        }
        if let Some(effect) = reconcile(row, &seen.observed(row, false)) {
            say(&format!("a check would still lead to {effect:?}"));
        }
        if let (false, Some(owner)) = (seen.archived, seen.owner) {
            open.entry(owner).or_default().push(seen.id);
        }
    }
    let there: HashSet<u64> = scene.tickets.iter().map(|seen| seen.id.0).collect();
    let lost = rows.tickets.iter().filter(|row| !there.contains(&row.id.0));
    wrong.extend(lost.map(|row| format!("{guild}: a ticket's thread is lost: {row:?}")));
    for (owner, tickets) in open.into_iter().filter(|(_, tickets)| tickets.len() > 1) {
        wrong.push(format!("{guild}: {owner} has {tickets:?} open"));
    }
    for entry in rows.journal.iter().filter(|entry| entry.guild.0 == guild.0) {
        wrong.push(format!(
            "{guild}: not finished: {} {:?}",
            entry.id, entry.work
        ));
    }
    for click in &scene.doubled {
        wrong.push(format!(
            "{guild}: more than one response to the click {click}"
        ));
    }
    wrong.extend(
        scene
            .pings
            .into_iter()
            .map(|ping| format!("{guild}: {ping}")),
    );
    Ok(wrong)
}
