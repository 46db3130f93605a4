//! What can happen, and how a seed determines the next action. An action names people, inboxes and tickets by
//! numbers only, which are resolved when the action is carried out. So the same seed always gives the same
//! actions, whatever the earlier ones led to.

use fastrand::Rng;

/// One thing that somebody does, or that befalls the bot.
#[derive(Clone, Debug)]
pub enum Action {
    Click {
        person: u32,
        inbox: u32,
        times: u32,
    },
    /// Every member clicks.
    Crowd {
        inbox: u32,
    },
    /// The owner of a ticket does something in it.
    Owner(Owner, u32),
    /// A moderator does something to a ticket.
    Staff(Staff, u32),
    /// Somebody uses `/ticket` or one of the bot's buttons. The second number selects the details.
    Command(Command, u32, u32),
    Server(Server),
    /// The admin uses a command.
    Admin(Admin),
    Time(Time),
    Gateway(Gateway),
    /// Discord's calls fail or are slow.
    Fault(Fault),
    Host(Host),
}

#[derive(Clone, Copy, Debug)]
pub enum Owner {
    Leaves,
    Writes,
}

#[derive(Clone, Copy, Debug)]
pub enum Staff {
    RemovesOwner,
    AddsOwner,
    Leaves,
    Writes,
    Archives,
    Locks,
    Unlocks,
    Reopens,
    ReopensAndUnlocks,
    Renames,
    Deletes,
}

#[derive(Clone, Copy, Debug)]
pub enum Command {
    Closes,
    AsksToClose,
    /// The owner answers with a button in the ticket.
    OwnerAnswers,
    ClicksClose,
    Reopens,
    Claims,
    Unclaims,
    Transfers,
    Snoozes,
    Renames,
    Adds,
    Removes,
    /// A member of the staff joins with the button of a notice.
    Joins,
    Reports,
}

/// What changes in the server.
#[derive(Clone, Copy, Debug)]
pub enum Server {
    Leaves(u32),
    Joins(u32),
    Kicks(u32),
    Renames {
        person: u32,
        name: u32,
    },
    DeletesInbox(u32),
    DeletesChannel(u32),
    CreatesChannel,
    DeletesRole(u32),
    CreatesRole,
    Language(u32),
    /// Takes one of the bot's permissions in a channel away.
    Denies {
        channel: u32,
        what: u32,
    },
    Allows {
        channel: u32,
    },
    KicksBot,
    InvitesBot,
}

#[derive(Clone, Copy, Debug)]
pub enum Admin {
    CreatesInbox {
        channel: u32,
        destination: Option<u32>,
    },
    Destination {
        inbox: u32,
        channel: u32,
    },
    Message(u32),
    Staff {
        inbox: u32,
        choice: u32,
    },
    Starter {
        inbox: u32,
        text: u32,
    },
    Name {
        inbox: u32,
        text: u32,
    },
    /// Selects a message although no command waits for a selection.
    Selects {
        inbox: u32,
        is_inbox: bool,
    },
}

#[derive(Clone, Copy, Debug)]
pub enum Time {
    Minute,
    Days(u32),
}

#[derive(Clone, Copy, Debug)]
pub enum Gateway {
    Cut(u16),
    AskedToReconnect,
    SessionsEnd,
    Twice { event: u32, times: u32 },
    Late { event: u32, behind: u32 },
    OutageBegins,
    OutageEnds,
}

#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// An index into [`ROUTES`].
    pub route: u32,
    pub what: Wrong,
    pub times: u32,
}

#[derive(Clone, Copy, Debug)]
pub enum Wrong {
    Slow {
        ms: u32,
    },
    RateLimited {
        ms: u32,
        limit: Limit,
    },
    Status {
        status: u16,
        after: bool,
    },
    Dropped {
        after: bool,
    },
    /// The call fails at once and takes effect later.
    Late {
        status: u16,
        ms: u32,
    },
    /// Cloudflare blocks the bot's address.
    Blocked {
        form: u32,
    },
}

/// Which limit a 429 is about.
#[derive(Clone, Copy, Debug)]
pub enum Limit {
    /// The bot's limit on one route.
    Bucket,
    /// A limit that the headers do not show.
    Hidden,
    /// A channel's limit, which all bots share.
    Shared,
    /// The bot's limit on all calls.
    Global,
}

/// What happens to the bot's process.
#[derive(Clone, Copy, Debug)]
pub enum Host {
    Kills,
    Stops,
    Starts,
}

/// The calls that can fail.
pub const ROUTES: [(&str, &str); 9] = [
    ("POST", "/interactions/*/*/callback"),
    ("POST", "/channels/*/threads"),
    ("POST", "/channels/*/messages"),
    ("PATCH", "/webhooks/*/*/messages/@original"),
    ("PATCH", "/channels/*"),
    ("GET", "/channels/**"),
    ("GET", "/guilds/**"),
    ("DELETE", "/webhooks/*/*/messages/@original"),
    ("PATCH", "/channels/*/messages/*"),
];

/// The events that can come twice or late. Discord does not guarantee the order of events.
pub const EVENTS: [&str; 6] = [
    "THREAD_MEMBERS_UPDATE",
    "THREAD_UPDATE",
    "GUILD_MEMBER_REMOVE",
    "THREAD_DELETE",
    "MESSAGE_DELETE",
    "CHANNEL_DELETE",
];

type Draw = fn(&mut Rng) -> Action;

fn command(what: Command, r: &mut Rng) -> Action {
    Action::Command(what, r.u32(..), r.u32(..))
}

/// What people do all the time. None of these actions excuses an error of the bot.
const EVERYDAY: &[(u32, Draw)] = &[
    (28, |r| Action::Click {
        person: r.u32(..),
        inbox: r.u32(..),
        times: 1,
    }),
    (3, |r| Action::Click {
        person: r.u32(..),
        inbox: r.u32(..),
        times: r.u32(2..=20),
    }),
    (2, |r| Action::Crowd { inbox: r.u32(..) }),
    (9, |r| Action::Owner(Owner::Leaves, r.u32(..))),
    (4, |r| Action::Owner(Owner::Writes, r.u32(..))),
    (4, |r| Action::Staff(Staff::RemovesOwner, r.u32(..))),
    (5, |r| Action::Staff(Staff::AddsOwner, r.u32(..))),
    (1, |r| Action::Staff(Staff::Leaves, r.u32(..))),
    (4, |r| Action::Staff(Staff::Writes, r.u32(..))),
    (7, |r| Action::Staff(Staff::Archives, r.u32(..))),
    (2, |r| Action::Staff(Staff::Locks, r.u32(..))),
    (2, |r| Action::Staff(Staff::Unlocks, r.u32(..))),
    (3, |r| Action::Staff(Staff::Reopens, r.u32(..))),
    (3, |r| Action::Staff(Staff::ReopensAndUnlocks, r.u32(..))),
    (2, |r| Action::Staff(Staff::Renames, r.u32(..))),
    (4, |r| Action::Staff(Staff::Deletes, r.u32(..))),
    (5, |r| command(Command::Closes, r)),
    (4, |r| command(Command::AsksToClose, r)),
    (5, |r| command(Command::OwnerAnswers, r)),
    (2, |r| command(Command::ClicksClose, r)),
    (4, |r| command(Command::Reopens, r)),
    (2, |r| command(Command::Claims, r)),
    (1, |r| command(Command::Unclaims, r)),
    (6, |r| command(Command::Transfers, r)),
    (2, |r| command(Command::Snoozes, r)),
    (1, |r| command(Command::Renames, r)),
    (2, |r| command(Command::Adds, r)),
    (2, |r| command(Command::Removes, r)),
    (2, |r| command(Command::Joins, r)),
    (2, |r| command(Command::Reports, r)),
    (3, |r| Action::Server(Server::Leaves(r.u32(..)))),
    (6, |r| Action::Server(Server::Joins(r.u32(..)))),
    (1, |r| Action::Server(Server::Kicks(r.u32(..)))),
    (1, |r| {
        Action::Server(Server::Renames {
            person: r.u32(..),
            name: r.u32(..),
        })
    }),
    (1, |r| Action::Server(Server::DeletesInbox(r.u32(..)))),
    (1, |r| Action::Server(Server::DeletesChannel(r.u32(..)))),
    (2, |_| Action::Server(Server::CreatesChannel)),
    (1, |r| Action::Server(Server::DeletesRole(r.u32(..)))),
    (1, |_| Action::Server(Server::CreatesRole)),
    (1, |r| Action::Server(Server::Language(r.u32(..)))),
    (3, |r| {
        let (channel, to) = (r.u32(..), r.u32(..));
        Action::Admin(Admin::CreatesInbox {
            channel,
            destination: r.bool().then_some(to),
        })
    }),
    (2, |r| {
        Action::Admin(Admin::Destination {
            inbox: r.u32(..),
            channel: r.u32(..),
        })
    }),
    (1, |r| Action::Admin(Admin::Message(r.u32(..)))),
    (2, |r| {
        Action::Admin(Admin::Staff {
            inbox: r.u32(..),
            choice: r.u32(..),
        })
    }),
    (2, |r| {
        Action::Admin(Admin::Starter {
            inbox: r.u32(..),
            text: r.u32(..),
        })
    }),
    (2, |r| {
        Action::Admin(Admin::Name {
            inbox: r.u32(..),
            text: r.u32(..),
        })
    }),
    (1, |r| {
        Action::Admin(Admin::Selects {
            inbox: r.u32(..),
            is_inbox: r.bool(),
        })
    }),
    (12, |_| Action::Time(Time::Minute)),
    (1, |r| Action::Time(Time::Days(r.u32(1..=4)))),
    (2, |r| {
        Action::Gateway(Gateway::Cut(if r.bool() { 1006 } else { 4000 }))
    }),
    (1, |_| Action::Gateway(Gateway::AskedToReconnect)),
    (1, |_| Action::Gateway(Gateway::SessionsEnd)),
    (1, |r| {
        Action::Gateway(Gateway::Twice {
            event: r.u32(..),
            times: r.u32(1..4),
        })
    }),
    (4, |r| {
        let (route, ms) = (r.u32(..), r.u32(5..120));
        Action::Fault(Fault {
            route,
            what: Wrong::Slow { ms },
            times: r.u32(1..4),
        })
    }),
];

/// What also happens during a storm.
const STORM: &[(u32, Draw)] = &[
    (9, |r| {
        let status = [500, 502, 503][r.usize(..3)];
        let what = Wrong::Status {
            status,
            after: r.bool(),
        };
        Action::Fault(Fault {
            route: r.u32(..),
            what,
            times: r.u32(1..=2),
        })
    }),
    (7, |r| {
        let what = Wrong::Dropped { after: r.bool() };
        Action::Fault(Fault {
            route: r.u32(..),
            what,
            times: r.u32(1..=2),
        })
    }),
    (3, |r| {
        let limits = [Limit::Bucket, Limit::Hidden, Limit::Shared, Limit::Global];
        let what = Wrong::RateLimited {
            ms: r.u32(10..400),
            limit: limits[r.usize(..limits.len())],
        };
        Action::Fault(Fault {
            route: r.u32(..),
            what,
            times: 1,
        })
    }),
    (4, |r| {
        let what = Wrong::Late {
            status: [500, 502, 504][r.usize(..3)],
            ms: r.u32(5..3000),
        };
        Action::Fault(Fault {
            route: r.u32(..),
            what,
            times: 1,
        })
    }),
    (1, |r| {
        let what = Wrong::Blocked { form: r.u32(..) };
        Action::Fault(Fault {
            route: r.u32(..),
            what,
            times: 1,
        })
    }),
    (4, |r| {
        Action::Gateway(Gateway::Late {
            event: r.u32(..),
            behind: r.u32(1..5),
        })
    }),
    (1, |_| Action::Gateway(Gateway::OutageBegins)),
    (2, |_| Action::Gateway(Gateway::OutageEnds)),
    (2, |r| {
        Action::Server(Server::Denies {
            channel: r.u32(..),
            what: r.u32(..),
        })
    }),
    (3, |r| Action::Server(Server::Allows { channel: r.u32(..) })),
    (1, |_| Action::Server(Server::KicksBot)),
    (3, |_| Action::Server(Server::InvitesBot)),
    (4, |_| Action::Host(Host::Kills)),
    (2, |_| Action::Host(Host::Stops)),
    (8, |_| Action::Host(Host::Starts)),
];

/// Draws the next action.
pub fn draw(rng: &mut Rng, is_storm: bool) -> Action {
    let storm = if is_storm { STORM } else { &[] };
    let all = || EVERYDAY.iter().chain(storm);
    let sum: u32 = all().map(|(weight, _)| weight).sum();
    let mut at = rng.u32(..sum);
    for (weight, draw) in all() {
        if at < *weight {
            return draw(rng);
        }
        at -= weight;
    }
    // Never reached: the number is below the sum of all weights.
    Action::Time(Time::Minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_draws_the_same_actions() {
        let drawn = |seed| {
            let mut rng = Rng::with_seed(seed);
            let actions = (0..50).map(|n| draw(&mut rng, n % 2 == 0));
            format!("{:?}", actions.collect::<Vec<_>>())
        };
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
    }
}
