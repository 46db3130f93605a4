//! A server packed into a row of bytes: it takes a third of the memory of its parts, and can be stored for
//! the next run as it is.
//!
//! Ids take eight bytes each. A reference to another part of the server (from an overwrite to its role, from
//! a thread to its channel) is an index into that list. Numbers that are mostly small are written seven bits
//! at a time.

use tickets::{ChannelId, GuildId, Mention, RoleId, UserId};

use super::guild::{ActiveThread, Channel, Guild, Overwrite, Role};
use super::permissions::Bits;
use crate::translate::Language;

/// The version of the format. A program may read only servers of its own version. Increase it whenever the
/// bytes change, or when a server must contain something new.
pub const FORMAT: u32 = 3;

/// A server that is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed(Box<[u8]>);

impl Packed {
    /// Takes bytes that were kept; `None` if no server is written there.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        unpack(GuildId(0), bytes)?;
        Some(Self(bytes.into()))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn into_bytes(self) -> Box<[u8]> {
        self.0
    }

    pub(super) fn unpack(&self, id: GuildId) -> Guild {
        unpack(id, &self.0).expect("it was packed, or read once")
    }
}

impl Guild {
    pub(super) fn pack(&self) -> Packed {
        let mut out = Vec::with_capacity(64 + 9 * self.roles.len() + 12 * self.channels.len());
        self.write(&mut out);
        // A copy of the exact length, because spare capacity would be kept permanently.
        Packed(out.as_slice().into())
    }

    fn write(&self, out: &mut Vec<u8>) {
        id(out, self.owner.0);
        let language = self.language.code().as_bytes();
        number(out, language.len() as u64);
        out.extend_from_slice(language);
        number(out, self.roles.len() as u64);
        for role in &self.roles {
            id(out, role.id.0);
            let flags = [role.is_own, role.is_of_a_bot, role.is_mentionable];
            let flags = flags.into_iter().zip(FLAGS);
            let flags = flags.filter(|(is_set, _)| *is_set);
            let packed = flags.fold(role.bits.0, |bits, (_, flag)| bits | flag);
            out.extend_from_slice(&packed.to_le_bytes());
        }
        number(out, self.own_roles.len() as u64);
        for role in &self.own_roles {
            self.write_who(out, Mention::Role(*role));
        }
        number(out, self.channels.len() as u64);
        for channel in &self.channels {
            id(out, channel.id.0);
            number(
                out,
                u64::from(channel.slowmode) << 1 | u64::from(channel.is_text),
            );
            number(out, u64::from(channel.hide_after));
            number(out, channel.overwrites.len() as u64);
            for overwrite in &channel.overwrites {
                self.write_who(out, overwrite.who);
                number(out, overwrite.allow.0.into());
                number(out, overwrite.deny.0.into());
            }
        }
        number(out, self.active.len() as u64);
        for thread in &self.active {
            id(out, thread.id.0);
            out.push(u8::from(thread.locked) | u8::from(thread.is_own) << 1);
            let parent = thread.parent;
            let at = self.channels.binary_search_by_key(&parent, |it| it.id);
            reference(out, at.ok().map(|at| at as u64 + 1), parent.0);
        }
    }

    fn write_who(&self, out: &mut Vec<u8>, who: Mention) {
        match who {
            Mention::Role(role) => {
                let at = self.roles.binary_search_by_key(&role, |it| it.id);
                reference(out, at.ok().map(|at| at as u64 + 2), role.0);
            }
            Mention::User(user) => {
                number(out, A_MEMBER);
                id(out, user.0);
            }
        }
    }
}

/// The reference is not an index: the id follows, because the list does not have it.
const UNLISTED: u64 = 0;

/// The overwrite is for a member, whose id follows.
const A_MEMBER: u64 = 1;

/// Writes a reference to this id: its index, if the list has the id.
fn reference(out: &mut Vec<u8>, place: Option<u64>, of: u64) {
    number(out, place.unwrap_or(UNLISTED));
    if place.is_none() {
        id(out, of);
    }
}

fn id(out: &mut Vec<u8>, id: u64) {
    out.extend_from_slice(&id.to_le_bytes());
}

/// The flags of a role are written into bits that no permission uses: whether it is the bot's own, any bot's,
/// and mentionable.
const FLAGS: [u16; 3] = [1 << 13, 1 << 14, 1 << 15];

/// Seven bits at a time, the lowest first; the eighth says that more follow.
fn number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(low_byte(number) | 0x80);
        number >>= 7;
    }
    out.push(low_byte(number));
}

fn low_byte(number: u64) -> u8 {
    number.to_le_bytes()[0]
}

/// `None` for anything but what [`Guild::write`] writes.
fn unpack(id: GuildId, bytes: &[u8]) -> Option<Guild> {
    let mut reader = Reader(bytes);
    let owner = UserId(reader.id()?);
    let language = reader.count()?;
    let language = Language::of(str::from_utf8(reader.take(language)?).ok()?);
    let roles = reader.list(|reader| {
        let id = RoleId(reader.id()?);
        let packed = u16::from_le_bytes(reader.take(2)?.try_into().ok()?);
        let [is_own, is_of_a_bot, is_mentionable] = FLAGS.map(|flag| packed & flag != 0);
        Some(Role {
            id,
            bits: Bits(packed & (FLAGS[0] - 1)),
            is_own,
            is_of_a_bot,
            is_mentionable,
        })
    })?;
    let own_roles = reader.list(|reader| match reader.who(&roles)? {
        Mention::Role(role) => Some(role),
        Mention::User(_) => None,
    })?;
    let channels = reader.list(|reader| {
        let id = ChannelId(reader.id()?);
        let kind = reader.number()?;
        Some(Channel {
            id,
            slowmode: u16::try_from(kind >> 1).ok()?,
            is_text: kind & 1 != 0,
            hide_after: u16::try_from(reader.number()?).ok()?,
            overwrites: reader.list(|reader| {
                Some(Overwrite {
                    who: reader.who(&roles)?,
                    allow: reader.bits()?,
                    deny: reader.bits()?,
                })
            })?,
        })
    })?;
    let active = reader.list(|reader| {
        let id = ChannelId(reader.id()?);
        let flags = reader.byte()?;
        let parent = match reader.number()? {
            UNLISTED => ChannelId(reader.id()?),
            at => channels.get(usize::try_from(at - 1).ok()?)?.id,
        };
        Some(ActiveThread {
            id,
            parent,
            locked: flags & 1 != 0,
            is_own: flags & 2 != 0,
        })
    })?;
    reader.0.is_empty().then_some(Guild {
        id,
        owner,
        language,
        roles,
        channels,
        own_roles,
        active,
    })
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }

    fn bits(&mut self) -> Option<Bits> {
        Some(Bits(u16::try_from(self.number()?).ok()?))
    }

    fn id(&mut self) -> Option<u64> {
        let bytes = self.take(8)?.try_into().ok()?;
        Some(u64::from_le_bytes(bytes))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Reads how many items follow. Each takes a byte at least, so a higher count is invalid.
    fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    fn list<T>(&mut self, mut item: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(item(self)?);
        }
        Some(items)
    }

    fn who(&mut self, roles: &[Role]) -> Option<Mention> {
        Some(match self.number()? {
            UNLISTED => Mention::Role(RoleId(self.id()?)),
            A_MEMBER => Mention::User(UserId(self.id()?)),
            at => Mention::Role(roles.get(usize::try_from(at - 2).ok()?)?.id),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn guild() -> Guild {
        Guild {
            id: GuildId(1),
            owner: UserId(2),
            language: Language::of("de"),
            roles: vec![
                Role {
                    id: RoleId(1),
                    bits: Bits(0b11),
                    is_own: false,
                    is_of_a_bot: false,
                    is_mentionable: true,
                },
                Role {
                    id: RoleId(5),
                    bits: Bits(0x11FF),
                    is_own: true,
                    is_of_a_bot: true,
                    is_mentionable: false,
                },
            ],
            own_roles: vec![RoleId(5), RoleId(6)],
            channels: vec![Channel {
                id: ChannelId(10),
                slowmode: 21_600,
                hide_after: 60,
                is_text: true,
                overwrites: vec![
                    Overwrite {
                        who: Mention::Role(RoleId(5)),
                        allow: Bits(1),
                        deny: Bits(2),
                    },
                    Overwrite {
                        who: Mention::User(UserId(7)),
                        allow: Bits(0),
                        deny: Bits(4),
                    },
                ],
            }],
            active: vec![
                ActiveThread {
                    id: ChannelId(20),
                    parent: ChannelId(10),
                    locked: true,
                    is_own: false,
                },
                ActiveThread {
                    id: ChannelId(21),
                    parent: ChannelId(99),
                    locked: false,
                    is_own: true,
                },
            ],
        }
    }

    /// If this fails because servers are written otherwise now: count [`FORMAT`] up, so that no
    /// other version reads them.
    #[test]
    fn the_format_is_this() {
        let expected: &[&[u8]] = &[
            &[2, 0, 0, 0, 0, 0, 0, 0, 2, b'd', b'e'],
            &[2, 1, 0, 0, 0, 0, 0, 0, 0, 0b11, 0x80],
            &[5, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0x71],
            &[2, 3, 0, 6, 0, 0, 0, 0, 0, 0, 0],
            &[1, 10, 0, 0, 0, 0, 0, 0, 0, 0xC1, 0xD1, 2, 60],
            &[2, 3, 1, 2, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0, 4],
            &[2, 20, 0, 0, 0, 0, 0, 0, 0, 1, 1],
            &[21, 0, 0, 0, 0, 0, 0, 0, 2, 0, 99, 0, 0, 0, 0, 0, 0, 0],
        ];
        assert_eq!(FORMAT, 3);
        assert_eq!(guild().pack().bytes(), expected.concat());
        // The meaning of the permission bits is part of the format.
        let all = tickets::permission::Permission::ALL.map(|it| Bits::of(it.bit()).0);
        assert_eq!(all, [1, 2, 4, 8, 16, 32, 64, 128, 256]);
    }

    #[test]
    fn what_is_packed_is_unpacked_the_same() {
        let packed = guild().pack();
        assert_eq!(packed.unpack(GuildId(1)), guild());
        assert_eq!(Packed::read(packed.bytes()), Some(packed));
    }

    #[test]
    fn what_is_cut_off_or_too_long_is_no_server() {
        let packed = guild().pack();
        for length in 0..packed.bytes().len() {
            assert_eq!(Packed::read(&packed.bytes()[..length]), None, "{length}");
        }
        assert_eq!(Packed::read(&[packed.bytes(), &[0]].concat()), None);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange_to_be_refused(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            at in 0..60_usize,
            with in any::<u8>(),
        ) {
            let _ = Packed::read(&bytes);
            let mut damaged = guild().pack().bytes().to_vec();
            damaged[at] = with;
            if let Some(packed) = Packed::read(&damaged) {
                let _ = packed.unpack(GuildId(1));
            }
        }

        #[test]
        fn numbers_come_back(written in any::<u64>()) {
            let mut out = Vec::new();
            number(&mut out, written);
            prop_assert_eq!(Reader(&out).number(), Some(written));
        }
    }
}
