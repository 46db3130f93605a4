use proptest::prelude::*;

use super::*;

const EVERYONE: RoleId = RoleId(1);
const VIEW: Permissions = Permissions::VIEW_CHANNEL;
const SEND: Permissions = Permissions::SEND_MESSAGES;
const IN_THREADS: Permissions = Permissions::SEND_MESSAGES_IN_THREADS;
const ATTACH: Permissions = Permissions::ATTACH_FILES;

fn member(everyone: Permissions, roles: &[(u64, Permissions)]) -> Standing {
    Standing {
        user: UserId(9),
        owner: false,
        everyone: (EVERYONE, everyone),
        roles: roles.iter().map(|(id, p)| (RoleId(*id), *p)).collect(),
        timed_out: false,
    }
}

fn role(id: u64, allow: Permissions, deny: Permissions) -> Overwrite {
    Overwrite {
        target: Target::Role(RoleId(id)),
        allow,
        deny,
    }
}

fn own(allow: Permissions, deny: Permissions) -> Overwrite {
    Overwrite {
        target: Target::Member(UserId(9)),
        allow,
        deny,
    }
}

const NONE: Permissions = Permissions::NONE;

#[test]
fn layers_apply_from_everyone_to_the_member() {
    let someone = member(VIEW | SEND, &[(2, NONE), (3, NONE)]);
    for (overwrites, expected) in [
        (vec![], VIEW | SEND),
        (vec![role(1, NONE, SEND)], VIEW),
        (vec![role(1, NONE, SEND), role(2, SEND, NONE)], VIEW | SEND),
        // One role's allow beats another role's deny.
        (vec![role(2, SEND, NONE), role(3, NONE, SEND)], VIEW | SEND),
        (vec![role(2, SEND, NONE), own(NONE, SEND)], VIEW),
        (vec![role(2, NONE, VIEW), own(VIEW, NONE)], VIEW | SEND),
        // A role that the member does not have.
        (vec![role(4, NONE, VIEW)], VIEW | SEND),
        // Members who cannot see a channel have no permissions there.
        (vec![role(1, NONE, VIEW)], NONE),
    ] {
        assert_eq!(someone.in_channel(&overwrites), expected, "{overwrites:?}");
    }
}

#[test]
fn who_may_not_send_may_not_attach_or_mention_everyone() {
    let someone = member(VIEW | ATTACH | Permissions::MENTION_EVERYONE, &[]);
    assert_eq!(someone.in_channel(&[]), VIEW);
    assert_eq!(
        someone.in_guild(),
        VIEW | ATTACH | Permissions::MENTION_EVERYONE
    );
}

#[test]
fn threads_ask_for_sending_in_threads() {
    let reader = member(VIEW | IN_THREADS | ATTACH, &[]);
    assert_eq!(reader.in_channel(&[]), VIEW | IN_THREADS);
    assert_eq!(reader.in_thread(&[]), VIEW | IN_THREADS | SEND | ATTACH);
    let writer = member(VIEW | SEND | ATTACH, &[]);
    assert_eq!(writer.in_channel(&[]), VIEW | SEND | ATTACH);
    assert_eq!(writer.in_thread(&[]), VIEW);
    assert_eq!(reader.in_thread(&[role(1, NONE, VIEW)]), NONE);
}

#[test]
fn a_time_out_leaves_only_reading() {
    let mut someone = member(Permissions::DEFAULT_EVERYONE, &[]);
    someone.timed_out = true;
    assert_eq!(
        someone.in_channel(&[]),
        VIEW | Permissions::READ_MESSAGE_HISTORY
    );
    assert_eq!(someone.in_guild(), VIEW | Permissions::READ_MESSAGE_HISTORY);
    someone.roles.push((RoleId(2), Permissions::ADMINISTRATOR));
    assert_eq!(someone.in_channel(&[]), Permissions::ALL);
}

fn permissions() -> impl Strategy<Value = Permissions> {
    any::<u64>()
        .prop_map(|bits| Permissions(bits & Permissions::ALL.0 & !Permissions::ADMINISTRATOR.0))
}

fn overwrite() -> impl Strategy<Value = Overwrite> {
    let target = prop_oneof![
        (1u64..6).prop_map(|id| Target::Role(RoleId(id))),
        (8u64..11).prop_map(|id| Target::Member(UserId(id))),
    ];
    (target, permissions(), permissions()).prop_map(|(target, allow, deny)| Overwrite {
        target,
        allow,
        deny: deny & !allow,
    })
}

fn standing() -> impl Strategy<Value = Standing> {
    (
        permissions(),
        proptest::collection::vec((2u64..6, permissions()), 0..4),
        any::<bool>(),
    )
        .prop_map(|(everyone, roles, timed_out)| Standing {
            timed_out,
            ..member(everyone, &roles)
        })
}

proptest! {
    #[test]
    fn the_order_of_overwrites_never_matters(
        someone in standing(),
        (before, after) in proptest::collection::vec(overwrite(), 0..8)
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
    ) {
        prop_assert_eq!(someone.in_channel(&before), someone.in_channel(&after));
        prop_assert_eq!(someone.in_thread(&before), someone.in_thread(&after));
    }

    #[test]
    fn the_order_of_roles_never_matters(someone in standing(), overwrites in proptest::collection::vec(overwrite(), 0..8)) {
        let mut other = someone.clone();
        other.roles.reverse();
        prop_assert_eq!(someone.in_channel(&overwrites), other.in_channel(&overwrites));
    }

    #[test]
    fn owners_and_administrators_may_everything(
        someone in standing(),
        overwrites in proptest::collection::vec(overwrite(), 0..8),
        owner: bool,
    ) {
        let mut someone = someone;
        someone.owner = owner;
        if !owner {
            someone.roles.push((RoleId(5), Permissions::ADMINISTRATOR));
        }
        prop_assert_eq!(someone.in_guild(), Permissions::ALL);
        prop_assert_eq!(someone.in_channel(&overwrites), Permissions::ALL);
        prop_assert_eq!(someone.in_thread(&overwrites), Permissions::ALL);
    }

    #[test]
    fn what_cannot_be_seen_allows_nothing(
        someone in standing(),
        overwrites in proptest::collection::vec(overwrite(), 0..8),
    ) {
        for allowed in [someone.in_channel(&overwrites), someone.in_thread(&overwrites)] {
            prop_assert!(allowed == NONE || allowed.has(VIEW));
            prop_assert!(allowed.has(SEND) || allowed & Permissions::NEEDS_SENDING == NONE);
            if someone.timed_out {
                prop_assert!(Permissions::TIMED_OUT.has(allowed));
            }
        }
    }

    #[test]
    fn a_members_own_overwrite_has_the_last_word(
        someone in standing(),
        overwrites in proptest::collection::vec(overwrite(), 0..8),
    ) {
        let mut overwrites: Vec<_> =
            overwrites.into_iter().filter(|o| o.target != Target::Member(UserId(9))).collect();
        overwrites.push(own(NONE, VIEW));
        prop_assert_eq!(someone.in_channel(&overwrites), NONE);
    }
}
