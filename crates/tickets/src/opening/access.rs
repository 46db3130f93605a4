//! May this member use an inbox now? Its pause, its hours, its roles, and ages.

use crate::RoleId;
use crate::inbox::Inbox;
use crate::request::Invoker;
use crate::setting::{
    ACCOUNT_AGE, ALLOWED_ROLES, BLOCKED_ROLES, MEMBER_AGE, OutsideHours, Pause, PauseEnd,
    staff_are_back,
};
use crate::text::{Text, plain};

/// Why this member may not open a ticket now, apart from limits and permissions. `roles` are the names of the
/// server's roles; they are needed only if [`needs_names`] says so.
pub fn refusal(invoker: &Invoker, inbox: &Inbox, roles: &[(RoleId, String)]) -> Option<Text> {
    paused(invoker, inbox)
        .or_else(|| outside_hours(invoker, inbox))
        .or_else(|| by_role(invoker, inbox, roles))
        .or_else(|| too_young(invoker, inbox))
}

/// Whether a member is refused because of a role, so that the response must name the role. A mention would be
/// unreadable for people who cannot see the role.
pub fn needs_names(invoker: &Invoker, inbox: &Inbox) -> bool {
    paused(invoker, inbox).is_none() && by_role(invoker, inbox, &[]).is_some()
}

/// A separate line of the starting message that says when staff are back, outside their hours.
pub fn note(invoker: &Invoker, inbox: &Inbox) -> Option<Text> {
    let until = staff_are_back(inbox, invoker.at)?.unix_seconds();
    Some(Text::StaffAreBack { until })
}

fn paused(invoker: &Invoker, inbox: &Inbox) -> Option<Text> {
    let message = inbox.get(Pause)?;
    match inbox.get(PauseEnd) {
        Some(end) if end <= invoker.at => None,
        Some(end) => Some(Text::PausedUntil {
            message,
            until: end.unix_seconds_up(),
        }),
        None => Some(Text::Paused { message }),
    }
}

fn outside_hours(invoker: &Invoker, inbox: &Inbox) -> Option<Text> {
    if !inbox.get(OutsideHours) {
        return None;
    }
    let until = staff_are_back(inbox, invoker.at)?.unix_seconds();
    Some(Text::OutsideHours { until })
}

fn by_role(invoker: &Invoker, inbox: &Inbox, names: &[(RoleId, String)]) -> Option<Text> {
    let everyone = RoleId(invoker.guild.0);
    let name = |role: &RoleId| {
        let known = names.iter().find(|(id, _)| id == role);
        let known = known.map(|(_, name)| name.as_str());
        known
            .or((*role == everyone).then_some("@everyone"))
            .map(plain)
    };
    // Discord does not list @everyone among a member's roles.
    let has = |role: &RoleId| *role == everyone || invoker.roles.contains(role);
    let blocked = inbox.get(BLOCKED_ROLES);
    if let Some(role) = blocked.iter().find(|role| has(role)) {
        let role = name(role).unwrap_or_default();
        return Some(Text::RoleBlocked { role });
    }
    let allowed = inbox.get(ALLOWED_ROLES);
    if allowed.is_empty() || allowed.iter().any(has) {
        return None;
    }
    // Deleted roles have no name. If all were deleted, the inbox is closed to everyone.
    let roles: Vec<_> = allowed.iter().filter_map(name).collect();
    if roles.is_empty() {
        return Some(Text::ClosedToAll {});
    }
    let count = i64::try_from(roles.len()).unwrap_or(i64::MAX);
    Some(Text::RoleNeeded { roles, count })
}

fn too_young(invoker: &Invoker, inbox: &Inbox) -> Option<Text> {
    let until = |since: crate::Timestamp, age: i64| {
        let until = since.plus(age.saturating_mul(1000));
        (until > invoker.at).then(|| until.unix_seconds_up())
    };
    let age = inbox.get(ACCOUNT_AGE);
    if let Some(until) = until(invoker.user.created_at(), age) {
        return Some(Text::AccountTooYoung { age, until });
    }
    let age = inbox.get(MEMBER_AGE);
    let until = until(invoker.joined_at?, age)?;
    Some(Text::MemberTooNew { age, until })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;
    use crate::decide::examples::{MODERATORS, NOW, inbox, mia};
    use crate::setting::{Hours, Setting, Settings};

    const VIP: RoleId = RoleId(31);
    const DAY: i64 = 24 * 60 * 60 * 1000;

    fn with(settings: &[(&dyn Setting, &str)]) -> Inbox {
        let settings = settings
            .iter()
            .fold(Settings::default(), |all, (setting, value)| {
                all.with(*setting, value)
            });
        Inbox {
            settings,
            ..inbox()
        }
    }

    fn names() -> Vec<(RoleId, String)> {
        vec![(MODERATORS, "Moderator".into()), (VIP, "@VIP".into())]
    }

    fn said(inbox: &Inbox) -> Option<Text> {
        refusal(&mia(), inbox, &names())
    }

    #[test]
    fn an_inbox_of_1_x_refuses_nobody() {
        assert_eq!(said(&inbox()), None);
        assert_eq!(note(&mia(), &inbox()), None);
        assert!(!needs_names(&mia(), &inbox()));
    }

    #[test]
    fn one_allowed_role_suffices_and_a_blocked_one_wins() {
        let allowed = with(&[(&ALLOWED_ROLES, "30,31")]);
        let needed = Some(Text::RoleNeeded {
            roles: vec!["Moderator".into(), r"\@VIP".into()],
            count: 2,
        });
        assert_eq!(said(&allowed), needed);
        assert!(needs_names(&mia(), &allowed));
        let vip = Invoker {
            roles: vec![VIP],
            ..mia()
        };
        assert_eq!(refusal(&vip, &allowed, &[]), None);
        let everyone = mia().guild.0.to_string();
        assert_eq!(said(&with(&[(&ALLOWED_ROLES, &everyone)])), None);
        let role = r"\@everyone".to_owned();
        let blocked = with(&[(&BLOCKED_ROLES, &everyone)]);
        assert_eq!(said(&blocked), Some(Text::RoleBlocked { role }));
        let both = with(&[(&ALLOWED_ROLES, "31"), (&BLOCKED_ROLES, "31")]);
        let role = r"\@VIP".to_owned();
        let blocked = Some(Text::RoleBlocked { role });
        assert_eq!(refusal(&vip, &both, &names()), blocked);
        let blocked = with(&[(&BLOCKED_ROLES, "31")]);
        assert_eq!(said(&blocked), None);
    }

    #[test]
    fn a_roles_name_is_no_markup() {
        let names = [(VIP, "__x__ <@&1>".to_owned())];
        let allowed = with(&[(&ALLOWED_ROLES, "31")]);
        let needed = Some(Text::RoleNeeded {
            roles: vec![r"\_\_x\_\_ \<\@&1\>".into()],
            count: 1,
        });
        assert_eq!(refusal(&mia(), &allowed, &names), needed);
    }

    #[test]
    fn without_its_last_allowed_role_an_inbox_is_closed_to_all() {
        let inbox = with(&[(&ALLOWED_ROLES, "99")]);
        assert_eq!(said(&inbox), Some(Text::ClosedToAll {}));
    }

    #[test]
    fn a_pause_with_and_without_an_end() {
        let end = NOW.plus(5500).0.to_string();
        let message = || "Back soon".to_owned();
        assert_eq!(
            said(&with(&[(&Pause, "Back soon")])),
            Some(Text::Paused { message: message() })
        );
        assert_eq!(
            said(&with(&[(&Pause, "Back soon"), (&PauseEnd, &end)])),
            Some(Text::PausedUntil {
                message: message(),
                until: NOW.unix_seconds() + 6
            })
        );
        let over = NOW.0.to_string();
        assert_eq!(said(&with(&[(&Pause, "x"), (&PauseEnd, &over)])), None);
        assert_eq!(said(&with(&[(&PauseEnd, &end)])), None);
        // A pause needs no names of roles.
        assert!(!needs_names(
            &mia(),
            &with(&[(&Pause, "x"), (&ALLOWED_ROLES, "99")])
        ));
    }

    #[test]
    fn ages() {
        let invoker = |joined: Option<i64>| Invoker {
            user: crate::UserId(0),
            joined_at: joined.map(Timestamp),
            at: Timestamp(1_420_070_400_000 + 10 * DAY),
            ..mia()
        };
        let days = |days: i64| (days * 86_400).to_string();
        let account = |age: i64| refusal(&invoker(None), &with(&[(&ACCOUNT_AGE, &days(age))]), &[]);
        assert_eq!(account(10), None);
        assert_eq!(
            account(11),
            Some(Text::AccountTooYoung {
                age: 11 * 86_400,
                until: 1_420_070_400 + 11 * 86_400
            })
        );
        let at = invoker(None).at.0;
        let member =
            |joined: Option<i64>| refusal(&invoker(joined), &with(&[(&MEMBER_AGE, &days(2))]), &[]);
        assert_eq!(member(None), None);
        assert_eq!(member(Some(at - 2 * DAY)), None);
        assert_eq!(
            member(Some(at - DAY)),
            Some(Text::MemberTooNew {
                age: 2 * 86_400,
                until: (at + DAY) / 1000
            })
        );
    }

    /// The tests' time is Monday, 9 March 2026, 23:59:59 UTC.
    #[test]
    fn outside_the_hours() {
        let until = 1_773_100_800;
        let hours = "Tue 00:00-12:00";
        let says = with(&[(&Hours, hours)]);
        assert_eq!(said(&says), None);
        assert_eq!(note(&mia(), &says), Some(Text::StaffAreBack { until }));
        let refuses = with(&[(&Hours, hours), (&OutsideHours, "refuse")]);
        assert_eq!(said(&refuses), Some(Text::OutsideHours { until }));
        let open = with(&[(&Hours, "Mon 20-24"), (&OutsideHours, "refuse")]);
        assert_eq!((said(&open), note(&mia(), &open)), (None, None));
    }
}
