//! Who is staff of a ticket. Every command, button, menu and modal asks this one rule.

use crate::permission::{Permission, Permissions};
use crate::{Mention, RoleId, UserId};

/// What makes a member staff of an inbox's tickets: the inbox's setting `staff-powers`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Powers {
    /// *Manage Threads* in the channel of the tickets. Inboxes of 1.x are like this.
    #[default]
    ManageThreads,
    /// *Manage Threads*, or being listed in the inbox's staff as a member or by a role.
    ListedStaff,
}

/// What the rule needs to know of a member.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub user: UserId,
    /// Without @everyone.
    pub roles: &'a [RoleId],
    /// What they may do in the channel that the ticket is in. `None` if that is not known, because
    /// the bot cannot view the channel.
    pub permissions: Option<Permissions>,
}

/// Whether a member is staff of a ticket, whose inbox has this staff and these powers.
pub fn is_staff(member: Member<'_>, staff: &[Mention], powers: Powers) -> bool {
    // Members who cannot view the channel can do nothing in its threads.
    let Some(permissions) = member
        .permissions
        .filter(|it| it.has(Permission::ViewChannel))
    else {
        return false;
    };
    permissions.has(Permission::ManageThreads)
        || (powers == Powers::ListedStaff && is_listed(member, staff))
}

/// Whether a member may see and claim a ticket as staff, whatever `staff-powers` says.
pub fn may_look_after(member: Member<'_>, staff: &[Mention]) -> bool {
    is_staff(member, staff, Powers::ListedStaff)
}

/// Whether a member of the ticket came to look after it. If the staff are mentioned, Discord adds listed
/// staff automatically, so being in the ticket does not count for them.
pub fn has_come(member: Member<'_>, staff: &[Mention], is_mentioned: bool) -> bool {
    may_look_after(member, staff) && !(is_mentioned && is_listed(member, staff))
}

fn is_listed(member: Member<'_>, staff: &[Mention]) -> bool {
    staff.iter().any(|who| match who {
        Mention::User(user) => *user == member.user,
        Mention::Role(role) => member.roles.contains(role),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission::{ManageThreads, ViewChannel};

    const STAFF: [Mention; 2] = [Mention::Role(RoleId(30)), Mention::User(UserId(21))];

    fn is(user: u64, roles: &[u64], permissions: Option<&[Permission]>, powers: Powers) -> bool {
        let roles: Vec<_> = roles.iter().copied().map(RoleId).collect();
        let member = Member {
            user: UserId(user),
            roles: &roles,
            permissions: permissions.map(|these| these.iter().copied().collect()),
        };
        is_staff(member, &STAFF, powers)
    }

    #[test]
    fn manage_threads_makes_staff_in_every_inbox() {
        for powers in [Powers::ManageThreads, Powers::ListedStaff] {
            assert!(is(20, &[], Some(&[ViewChannel, ManageThreads]), powers));
            assert!(!is(20, &[31], Some(&[ViewChannel]), powers));
        }
    }

    #[test]
    fn whoever_discord_adds_has_not_come() {
        let member = |user, permissions: &[Permission]| Member {
            user: UserId(user),
            roles: &[],
            permissions: Some(permissions.iter().copied().collect()),
        };
        let listed = member(21, &[ViewChannel]);
        assert!(has_come(listed, &STAFF, false));
        assert!(!has_come(listed, &STAFF, true));
        let manager = member(20, &[ViewChannel, ManageThreads]);
        assert!(has_come(manager, &STAFF, true));
        assert!(!has_come(member(20, &[ViewChannel]), &STAFF, false));
    }

    #[test]
    fn listed_staff_is_staff_only_where_the_inbox_says_so() {
        for (user, roles) in [(21, &[][..]), (20, &[30][..])] {
            assert!(is(user, roles, Some(&[ViewChannel]), Powers::ListedStaff));
            assert!(!is(
                user,
                roles,
                Some(&[ViewChannel]),
                Powers::ManageThreads
            ));
        }
    }

    #[test]
    fn whoever_cannot_view_the_channel_is_no_staff() {
        for permissions in [None, Some(&[][..]), Some(&[ManageThreads][..])] {
            assert!(!is(21, &[30], permissions, Powers::ListedStaff));
        }
    }

    #[test]
    fn an_inbox_without_staff_lists_nobody() {
        let member = Member {
            user: UserId(20),
            roles: &[RoleId(30)],
            permissions: Some([ViewChannel].into_iter().collect()),
        };
        assert!(!is_staff(member, &[], Powers::ListedStaff));
        assert!(may_look_after(member, &STAFF));
        assert!(!may_look_after(member, &[]));
    }
}
