//! Discord's permission algorithm, on the few permissions that the bot cares about.

use tickets::permission::{Permission, Permissions};
use tickets::{Mention, RoleId, UserId};

use super::guild::{Guild, Overwrite};

/// A permission set, packed: one bit for each of [`Permission::ALL`], and one for administrators.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(pub(super) u16);

/// Discord's bit for Administrator, and ours.
const DISCORDS_ADMINISTRATOR: u64 = 1 << 3;
const ADMINISTRATOR: u16 = 1 << 12;

impl Bits {
    /// Packs Discord's own set.
    pub(super) fn of(discords: u64) -> Self {
        let packed = Permission::ALL
            .into_iter()
            .enumerate()
            .filter(|(_, permission)| discords & permission.bit() != 0)
            .fold(0, |packed, (at, _)| packed | 1 << at);
        let administrator = if discords & DISCORDS_ADMINISTRATOR == 0 {
            0
        } else {
            ADMINISTRATOR
        };
        Self(packed | administrator)
    }

    pub(super) fn has(self, permission: Permission) -> bool {
        self.0 & bit(permission) != 0
    }

    pub(super) const fn is_administrator(self) -> bool {
        self.0 & ADMINISTRATOR != 0
    }

    pub(super) fn remove(&mut self, permission: Permission) {
        self.0 &= !bit(permission);
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn only(self, kept: &[Permission]) -> Self {
        Self(kept.iter().fold(0, |bits, it| bits | self.0 & bit(*it)))
    }

    const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl From<Bits> for Permissions {
    fn from(bits: Bits) -> Self {
        Permission::ALL
            .into_iter()
            .filter(|permission| bits.has(*permission))
            .collect()
    }
}

/// Whose permissions are computed.
#[derive(Clone, Copy, Debug)]
pub struct Who<'a> {
    /// `None` for any member who has these roles.
    pub user: Option<UserId>,
    /// Without @everyone.
    pub roles: &'a [RoleId],
    pub is_timed_out: bool,
}

impl Who<'_> {
    /// A member without any role.
    pub const NOBODY: Self = Self {
        user: None,
        roles: &[],
        is_timed_out: false,
    };
}

/// What somebody may do in a channel with these overwrites.
/// Source: Discord's "Permissions", "Permission Overwrites".
pub(super) fn effective(guild: &Guild, overwrites: &[Overwrite], who: Who<'_>) -> Bits {
    const EVERYTHING: Bits = Bits(u16::MAX);
    let everyone = guild.everyone();
    let base = guild
        .roles
        .iter()
        .filter(|role| role.id == everyone || who.roles.contains(&role.id))
        .fold(Bits::default(), |bits, role| bits.with(role.bits));
    if who.user == Some(guild.owner) || base.is_administrator() {
        return EVERYTHING;
    }
    let [mut for_everyone, mut for_roles, mut for_one] = <[(Bits, Bits); 3]>::default();
    for overwrite in overwrites {
        let applies_to = match overwrite.who {
            Mention::User(user) if who.user == Some(user) => &mut for_one,
            Mention::Role(role) if role == everyone => &mut for_everyone,
            Mention::Role(role) if who.roles.contains(&role) => &mut for_roles,
            Mention::User(_) | Mention::Role(_) => continue,
        };
        applies_to.0 = applies_to.0.with(overwrite.allow);
        applies_to.1 = applies_to.1.with(overwrite.deny);
    }
    let bits = [for_everyone, for_roles, for_one]
        .into_iter()
        .fold(base, |bits, (allow, deny)| bits.without(deny).with(allow));
    let bits = implied(bits);
    if who.is_timed_out {
        return bits.only(&[Permission::ViewChannel, Permission::ReadMessageHistory]);
    }
    bits
}

/// Members who cannot view a channel have no permissions there. Members who cannot send messages can neither
/// embed links nor attach files.
fn implied(mut bits: Bits) -> Bits {
    if !bits.has(Permission::ViewChannel) {
        return Bits::default();
    }
    if !bits.has(Permission::SendMessages) {
        bits.remove(Permission::EmbedLinks);
        bits.remove(Permission::AttachFiles);
    }
    bits
}

fn bit(permission: Permission) -> u16 {
    Permission::ALL
        .iter()
        .position(|known| *known == permission)
        .map_or(0, |at| 1 << at)
}

// One bit is left for administrators.
const _: () = assert!(Permission::ALL.len() <= 12);
