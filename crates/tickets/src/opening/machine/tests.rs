use super::*;
use crate::form::Answer;
use crate::opening::step::{
    Acknowledged, Claimed, Created, Examined, Posted, Reviewed, Searched, Started,
};
use crate::{GuildId, InboxId};

const NOW: Timestamp = Timestamp(1_773_100_799_000);
const THREAD: ChannelId = ChannelId(50);
const MESSAGE: MessageId = MessageId(60);
const MIA: UserId = UserId(20);

fn order() -> Order {
    Order {
        interaction: 7,
        guild: GuildId(1),
        inbox: InboxId(40),
        home: ChannelId(10),
        parent: ChannelId(11),
        owner: MIA,
        username: "mia_".into(),
        name: "2026-03-09 Mia".into(),
        number: 1,
        starter: "<@20> <@&30>".into(),
        begun_at: NOW,
        hide_after: None,
        has_button: false,
        opener: None,
        is_silent: false,
        named: vec![],
        notice: None,
        answers: Vec::new(),
        left_over: Vec::new(),
        pages: Vec::new(),
        files: Vec::new(),
        is_report: false,
        moved: None,
    }
}

fn at(millis: i64) -> Timestamp {
    NOW.plus(millis)
}

/// Feeds outcomes, and collects the kinds of steps that follow.
struct Driver {
    opening: Opening,
    now: Timestamp,
}

impl Driver {
    fn new() -> Self {
        Self {
            opening: Opening::new(order()),
            now: NOW,
        }
    }

    /// The opening of a bot that was killed, as the journal has it.
    fn restart(self) -> Self {
        let mut opening = self.opening.as_written();
        opening.resume(self.now);
        Self { opening, ..self }
    }

    fn poll(&mut self) -> Vec<Step> {
        self.opening.poll(self.now)
    }

    fn kinds(&mut self) -> Vec<Kind> {
        self.poll().iter().map(Step::kind).collect()
    }

    fn on(&mut self, outcome: Outcome) -> Vec<Step> {
        self.opening.on(outcome, self.now);
        self.poll()
    }

    /// Advances the time until something is due.
    fn wait(&mut self) -> Vec<Step> {
        self.now = self.opening.wake_at(self.now).expect("something is due");
        self.poll()
    }

    fn end(&self) -> Option<End> {
        self.opening.end(self.now)
    }

    /// Acknowledged, with a thread.
    fn created() -> Self {
        let mut driver = Self::new();
        assert_eq!(driver.kinds(), [Kind::Acknowledge, Kind::Create]);
        assert_eq!(driver.on(acknowledged()), []);
        let steps = driver.on(created());
        let kinds: Vec<_> = steps.iter().map(Step::kind).collect();
        assert_eq!(kinds, [Kind::Claim, Kind::Start, Kind::Respond]);
        driver
    }
}

fn acknowledged() -> Outcome {
    Outcome::Acknowledged(Acknowledged::Done)
}

fn created() -> Outcome {
    Outcome::Created(Created::Thread {
        id: THREAD,
        contested: false,
    })
}

fn sent() -> Outcome {
    Outcome::Started(Started::Sent {
        message: MESSAGE,
        left_out: false,
    })
}

const OWN: Outcome = Outcome::Claimed(Claimed::Own);
const RESPONDED: Outcome = Outcome::Responded(Responded::Done);

fn respond(reply: Reply) -> Vec<Step> {
    vec![Step::Respond(reply)]
}

fn found(left_out: bool) -> Examined {
    Examined::Found {
        message: MESSAGE,
        left_out,
    }
}

#[test]
fn four_calls_in_two_round_trips() {
    let mut driver = Driver::created();
    driver.opening.order.has_button = true;
    assert_eq!(driver.on(OWN), []);
    assert_eq!(driver.on(sent()), []);
    assert_eq!(driver.end(), None, "the link is on its way");
    assert_eq!(driver.on(RESPONDED), []);
    assert_eq!(
        driver.end(),
        Some(End {
            ticket: Some(THREAD),
            message: Some(MESSAGE),
            button: Some(MESSAGE),
            awaits_staff: true,
            ..End::default()
        })
    );
}

#[test]
fn staff_who_were_not_mentioned_are_not_awaited() {
    for (starter, left_out) in [("<@20> <@&30>", true), ("<@20>", false)] {
        let mut driver = Driver::new();
        driver.opening.order.starter = starter.into();
        driver.poll();
        driver.on(created());
        driver.on(acknowledged());
        driver.on(OWN);
        let sent = Started::Sent {
            message: MESSAGE,
            left_out,
        };
        driver.on(Outcome::Started(sent));
        while !driver.on(RESPONDED).is_empty() {}
        let end = driver.end();
        assert_eq!(end.map(|end| end.awaits_staff), Some(false), "{starter}");
    }
}

#[test]
fn nothing_but_the_link_waits_for_the_acknowledgement() {
    let mut driver = Driver::new();
    driver.poll();
    let steps = driver.on(created());
    let kinds: Vec<_> = steps.iter().map(Step::kind).collect();
    assert_eq!(kinds, [Kind::Claim, Kind::Start]);
    assert_eq!(driver.on(acknowledged()), respond(Reply::Opened(THREAD)));
}

#[test]
fn what_another_process_acknowledged_is_theirs() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(Outcome::Acknowledged(Acknowledged::Foreign));
    assert_eq!(driver.on(created()), [Step::RollBack(THREAD)]);
    assert_eq!(driver.on(Outcome::RolledBack(RolledBack::Done)), []);
    let end = driver.end().expect("it is over");
    assert_eq!((end.ticket, end.rolled_back), (None, Some(THREAD)));
}

#[test]
fn a_refused_name_is_replaced_by_the_next_number_at_once() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(acknowledged());
    for number in 1..=5 {
        assert_eq!(
            driver.on(Outcome::Created(Created::BadName)),
            [Step::Number {
                is_first: number == 1
            }]
        );
        let name = format!("Ticket {number:04}");
        let steps = driver.on(Outcome::Numbered(name.clone()));
        assert_eq!(
            steps,
            [Step::Create {
                parent: ChannelId(11),
                name
            }]
        );
        assert!(driver.opening.take_must_save());
    }
    assert_eq!(
        driver.on(Outcome::Created(Created::BadName)),
        respond(Reply::Ended(Text::NameRefused {}))
    );
}

#[test]
fn a_destination_that_is_gone_falls_back_to_the_inboxs_channel() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(acknowledged());
    let steps = driver.on(Outcome::Created(Created::ChannelGone));
    assert!(matches!(
        &steps[..],
        [Step::Create { parent, .. }] if *parent == ChannelId(10)
    ));
    assert_eq!(
        driver.on(Outcome::Created(Created::ChannelGone)),
        respond(Reply::Ended(Text::UnknownInbox {}))
    );
    driver.on(RESPONDED);
    assert!(driver.end().is_some_and(|end| end.ticket.is_none()));
}

#[test]
fn a_lost_response_is_searched_for_and_the_thread_created_again() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(acknowledged());
    assert_eq!(driver.on(Outcome::Created(Created::Doubt)), []);
    assert_eq!(driver.wait(), [Step::Search]);
    let steps = driver.on(Outcome::Searched(Searched::Nothing));
    assert_eq!(steps[0].kind(), Kind::Create);
    driver.on(Outcome::Created(Created::Doubt));
    assert_eq!(driver.wait(), [Step::Search]);
    let steps = driver.on(Outcome::Searched(Searched::Found(THREAD)));
    let kinds: Vec<_> = steps.iter().map(Step::kind).collect();
    assert_eq!(kinds, [Kind::Start, Kind::Respond], "the search claimed it");
}

#[test]
fn a_limit_is_waited_for() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(acknowledged());
    assert_eq!(driver.on(Outcome::Created(Created::Later(60_000))), []);
    assert_eq!(driver.wait(), respond(Reply::Delayed));
    let steps = driver.wait();
    assert_eq!((driver.now, steps[0].kind()), (at(60_000), Kind::Create));
}

#[test]
fn a_member_who_waits_is_told_and_at_last_that_it_failed() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(acknowledged());
    driver.on(Outcome::Created(Created::Doubt));
    let mut said = Vec::new();
    for _ in 0..100 {
        for step in driver.wait() {
            match step {
                Step::Respond(reply) => {
                    said.push((driver.now.since(NOW), reply));
                    driver.opening.on(RESPONDED, driver.now);
                }
                Step::Search => driver
                    .opening
                    .on(Outcome::Searched(Searched::Unclear), driver.now),
                step => panic!("{step:?}"),
            }
        }
        if driver.end().is_some() {
            break;
        }
    }
    assert_eq!(
        said,
        [
            (DELAYED_AFTER, Reply::Delayed),
            (GIVE_UP_AFTER, Reply::Ended(Text::Interrupted {}))
        ]
    );
}

#[test]
fn a_thread_that_others_found_is_claimed_before_anything_is_sent() {
    let mut driver = Driver::new();
    driver.poll();
    driver.on(acknowledged());
    let contested = Created::Thread {
        id: THREAD,
        contested: true,
    };
    assert_eq!(
        driver.on(Outcome::Created(contested.clone())),
        [Step::Claim(THREAD)]
    );
    let steps = driver.on(Outcome::Claimed(Claimed::Taken));
    assert_eq!(steps[0].kind(), Kind::Create);
    driver.on(Outcome::Created(contested));
    let kinds: Vec<_> = driver.on(OWN).iter().map(Step::kind).collect();
    assert_eq!(kinds, [Kind::Start, Kind::Respond]);
}

#[test]
fn what_nobody_can_be_invited_to_is_rolled_back_before_it_is_told() {
    let refusal = Text::StarterRefused {};
    let mut driver = Driver::created();
    driver.on(RESPONDED);
    driver.on(OWN);
    assert_eq!(
        driver.on(Outcome::Started(Started::Refused(refusal.clone()))),
        [Step::RollBack(THREAD)]
    );
    assert!(driver.opening.take_must_save());
    assert_eq!(driver.on(Outcome::RolledBack(RolledBack::Again)), []);
    assert_eq!(driver.wait(), [Step::RollBack(THREAD)]);
    assert_eq!(
        driver.on(Outcome::RolledBack(RolledBack::Orphaned)),
        respond(Reply::Ended(refusal))
    );
    driver.on(RESPONDED);
    let end = driver.end().expect("it is over");
    assert_eq!((end.rolled_back, end.is_orphan), (Some(THREAD), true));
}

#[test]
fn roles_that_are_too_large_do_not_keep_the_owner_out() {
    let mut driver = Driver::created();
    driver.on(RESPONDED);
    driver.on(OWN);
    let again = |attempt| {
        vec![Step::Start {
            thread: THREAD,
            attempt,
        }]
    };
    assert_eq!(
        driver.on(Outcome::Started(Started::TooMuch)),
        again(Attempt::WithoutRoles)
    );
    // No response came, so the bot first checks whether the message is there.
    assert_eq!(
        driver.on(Outcome::Started(Started::Doubt)),
        [Step::Examine(THREAD)]
    );
    assert_eq!(
        driver.on(Outcome::Examined(Examined::Nothing)),
        again(Attempt::OwnerOnly)
    );
    assert_eq!(
        driver.on(sent()),
        respond(Reply::OpenedWithoutStaff(THREAD))
    );
}

#[test]
fn a_starting_message_waits_for_a_limit_and_keeps_its_roles() {
    let mut driver = Driver::created();
    driver.on(RESPONDED);
    driver.on(OWN);
    assert_eq!(driver.on(Outcome::Started(Started::Later(60_000))), []);
    assert_eq!(
        driver.wait(),
        [Step::Start {
            thread: THREAD,
            attempt: Attempt::Everybody
        }]
    );
    assert_eq!(driver.now, at(60_000));
}

#[test]
fn a_starting_message_that_is_there_is_not_sent_again() {
    let mut driver = Driver::created();
    driver.on(RESPONDED);
    driver.on(OWN);
    driver.on(Outcome::Started(Started::Doubt));
    driver.on(Outcome::Examined(found(false)));
    assert!(driver.end().is_some_and(|end| end.message == Some(MESSAGE)));
}

#[test]
fn after_a_crash_before_the_thread_it_is_searched_for_twice() {
    let mut driver = Driver::new();
    driver.poll();
    let mut driver = driver.restart();
    assert_eq!(driver.poll(), [Step::Search]);
    assert_eq!(driver.on(Outcome::Searched(Searched::Nothing)), []);
    assert_eq!(driver.wait(), [Step::Search]);
    assert_eq!(
        driver.on(Outcome::Searched(Searched::Nothing))[0].kind(),
        Kind::Create
    );
}

#[test]
fn after_a_long_absence_nobody_expects_a_ticket() {
    let mut driver = Driver::new();
    driver.poll();
    driver.now = at(STALE_AFTER);
    let mut driver = driver.restart();
    driver.poll();
    driver.on(Outcome::Searched(Searched::Nothing));
    driver.wait();
    assert_eq!(
        driver.on(Outcome::Searched(Searched::Nothing)),
        respond(Reply::Ended(Text::Interrupted {}))
    );
}

#[test]
fn after_a_crash_with_a_thread_the_starting_message_is_looked_for() {
    let mut driver = Driver::created();
    driver.on(OWN);
    let mut driver = driver.restart();
    assert_eq!(driver.poll(), [Step::Examine(THREAD)]);
    assert_eq!(
        driver.on(Outcome::Examined(Examined::Nothing)),
        [Step::Start {
            thread: THREAD,
            attempt: Attempt::Everybody
        }]
    );
    assert_eq!(driver.on(sent()), respond(Reply::Opened(THREAD)));
    driver.on(RESPONDED);
    assert!(driver.end().is_some_and(|end| end.ticket == Some(THREAD)));
}

#[test]
fn what_cannot_be_viewed_after_a_crash_waits_and_is_not_rolled_back() {
    let driver = Driver::created();
    let mut driver = driver.restart();
    assert_eq!(driver.poll(), [Step::Examine(THREAD)]);
    assert_eq!(driver.on(Outcome::Examined(Examined::Unclear)), []);
    assert_eq!(driver.end(), None);
    driver.opening.nudge();
    assert_eq!(driver.poll(), [Step::Examine(THREAD)]);
}

#[test]
fn after_the_token_has_died_nobody_is_told() {
    let driver = Driver::created();
    let mut driver = driver.restart();
    driver.now = at(TOKEN_LIFETIME);
    driver.poll();
    assert_eq!(driver.on(Outcome::Examined(found(false))), []);
    assert!(driver.end().is_some());
}

#[test]
fn what_fails_unexpectedly_is_tried_again() {
    let mut driver = Driver::created();
    driver.on(RESPONDED);
    driver.on(sent());
    assert_eq!(driver.on(Outcome::Failed(Kind::Claim)), []);
    assert_eq!(driver.end(), None);
    assert_eq!(driver.wait(), [Step::Claim(THREAD)]);
    driver.on(OWN);
    assert!(driver.end().is_some());
}

#[test]
fn an_empty_starting_message_invites_nobody() {
    let mut driver = Driver::new();
    driver.opening.order.starter = "  ".into();
    driver.poll();
    driver.on(acknowledged());
    let kinds: Vec<_> = driver.on(created()).iter().map(Step::kind).collect();
    assert_eq!(kinds, [Kind::Claim, Kind::Respond]);
}

fn answers() -> Vec<Answer> {
    vec![Answer {
        label: "What happened?".into(),
        kind: crate::form::Word::Long,
        value: crate::form::Value::Text("It broke".into()),
    }]
}

const ANSWERS: MessageId = MessageId(61);

impl Driver {
    /// Acknowledged, with a thread and a link, and answers that wait for the starting message.
    fn with_answers() -> Self {
        let mut order = order();
        order.answers = answers();
        let mut driver = Self {
            opening: Opening::new(order),
            now: NOW,
        };
        driver.poll();
        driver.on(acknowledged());
        driver.on(created());
        driver.on(OWN);
        assert_eq!(driver.on(RESPONDED), []);
        driver
    }

    /// The starting message is there, and the answers are being posted.
    fn posting() -> Self {
        let mut driver = Self::with_answers();
        assert_eq!(driver.on(sent()), post(0));
        driver
    }
}

fn post(skip: usize) -> Vec<Step> {
    vec![Step::Post {
        thread: THREAD,
        skip,
    }]
}

#[test]
fn answers_follow_the_starting_message() {
    let mut driver = Driver::posting();
    assert_eq!(driver.end(), None);
    assert_eq!(driver.on(Outcome::Posted(Posted::Sent(ANSWERS))), []);
    let end = driver.end().expect("it is over");
    // The bot recognizes its closing message because it is newer than this message.
    assert_eq!((end.ticket, end.message), (Some(THREAD), Some(ANSWERS)));
}

#[test]
fn answers_are_kept_until_they_are_posted() {
    let mut driver = Driver::posting();
    assert_eq!(driver.opening.as_written().order.answers, answers());
    driver.on(Outcome::Posted(Posted::Sent(ANSWERS)));
    assert!(driver.opening.order.answers.is_empty());
}

#[test]
fn answers_wait_for_a_limit() {
    let mut driver = Driver::posting();
    assert_eq!(driver.on(Outcome::Posted(Posted::Later(60_000))), []);
    assert_eq!(driver.wait(), [Step::Review(THREAD)]);
    assert_eq!(driver.now, at(60_000));
    assert_eq!(driver.on(Outcome::Reviewed(Reviewed::Some(1))), post(1));
}

#[test]
fn answers_that_may_be_there_are_looked_for() {
    let mut driver = Driver::posting();
    assert_eq!(driver.on(Outcome::Posted(Posted::Doubt)), []);
    assert_eq!(driver.wait(), [Step::Review(THREAD)]);
    assert_eq!(driver.on(Outcome::Reviewed(Reviewed::Unclear)), []);
    assert_eq!(driver.wait(), [Step::Review(THREAD)]);
    driver.on(Outcome::Reviewed(Reviewed::All(ANSWERS)));
    assert!(driver.end().is_some_and(|end| end.message == Some(ANSWERS)));
}

#[test]
fn a_member_whose_answers_cannot_be_posted_gets_them_back() {
    for outcome in [
        Outcome::Posted(Posted::Refused),
        Outcome::Reviewed(Reviewed::Gone),
    ] {
        let mut driver = Driver::posting();
        if let Outcome::Reviewed(_) = outcome {
            driver.on(Outcome::Posted(Posted::Doubt));
            driver.wait();
        }
        let steps = driver.on(outcome);
        assert_eq!(steps, respond(Reply::OpenedWithoutAnswers(THREAD)));
        assert_eq!(driver.opening.order.answers, answers());
        driver.on(RESPONDED);
        let end = driver.end().expect("it is over");
        assert_eq!((end.ticket, end.message), (Some(THREAD), Some(MESSAGE)));
    }
}

#[test]
fn after_a_crash_the_answers_are_looked_for_before_they_are_posted() {
    for driver in [Driver::with_answers(), Driver::posting()] {
        let mut driver = driver.restart();
        let mut steps = driver.poll();
        if steps == [Step::Examine(THREAD)] {
            steps = driver.on(Outcome::Examined(found(false)));
        }
        assert!(steps.contains(&Step::Review(THREAD)), "{steps:?}");
        driver.on(RESPONDED);
        assert_eq!(driver.on(Outcome::Reviewed(Reviewed::Some(0))), post(0));
        driver.on(Outcome::Posted(Posted::Sent(ANSWERS)));
        assert!(driver.end().is_some());
    }
}

#[test]
fn answers_go_into_the_next_thread_if_the_first_is_taken() {
    let mut order = order();
    order.answers = answers();
    let mut driver = Driver {
        opening: Opening::new(order),
        now: NOW,
    };
    driver.poll();
    driver.on(acknowledged());
    driver.on(created());
    assert_eq!(driver.on(sent()), post(0));
    driver.on(Outcome::Posted(Posted::Doubt));
    let steps = driver.on(Outcome::Claimed(Claimed::Taken));
    assert_eq!(steps[0].kind(), Kind::Create);
    driver.on(created());
    assert_eq!(driver.on(sent()), []);
    assert_eq!(driver.wait(), post(0));
}

/// Staff who open a ticket for a member are added to it before it is complete, also after a crash.
#[test]
fn whoever_opens_it_for_the_owner_joins_it() {
    const MAX: UserId = UserId(21);
    let join = [Step::Join {
        thread: THREAD,
        user: MAX,
    }];
    let begun = || {
        let mut order = order();
        order.opener = Some(MAX);
        let mut driver = Driver {
            opening: Opening::new(order),
            now: NOW,
        };
        driver.poll();
        driver.on(acknowledged());
        driver.on(created());
        driver.on(OWN);
        driver.on(RESPONDED);
        assert_eq!(driver.on(sent()), join);
        driver
    };
    let joined = |driver: &mut Driver, joined| driver.on(Outcome::Joined(joined));
    let opener = |driver: &Driver| driver.end().expect("it is over").opener;

    let mut driver = begun();
    assert_eq!(driver.end(), None);
    assert_eq!(joined(&mut driver, Joined::Done), []);
    assert_eq!(opener(&driver), Some(MAX));
    let mut driver = begun();
    assert_eq!(joined(&mut driver, Joined::Refused), []);
    assert_eq!(opener(&driver), None, "the notice does not say so");

    let mut driver = begun().restart();
    let steps = driver.poll();
    assert!(steps.contains(&join[0]), "{steps:?}");
    for _ in BACKOFF {
        assert_eq!(joined(&mut driver, Joined::Again), []);
        assert_eq!(driver.end(), None);
        while !driver.wait().contains(&join[0]) {}
    }
    joined(&mut driver, Joined::Again);
    driver.on(RESPONDED);
    assert_eq!(opener(&driver), None, "it gives up at last");
}

#[test]
fn an_opening_without_answers_is_stored_as_before() {
    let json = serde_json::to_value(Opening::new(order())).unwrap();
    assert!(json["order"].get("answers").is_none());
    let mut old = json.clone();
    old.as_object_mut().unwrap().remove("answers");
    let read: Opening = serde_json::from_value(old).unwrap();
    assert_eq!(read, Opening::new(order()));
}

#[test]
fn a_starting_message_that_is_found_tells_whether_a_role_was_left_out() {
    let mut driver = Driver::created();
    driver.on(RESPONDED);
    driver.on(OWN);
    driver.on(Outcome::Started(Started::Doubt));
    let steps = driver.on(Outcome::Examined(found(true)));
    assert_eq!(steps, [Step::Respond(Reply::OpenedWithoutStaff(THREAD))]);
}

/// Without the content that it is about, a ticket is rolled back.
#[test]
fn a_ticket_whose_content_cannot_be_posted_is_rolled_back() {
    for outcome in [
        Outcome::Posted(Posted::Refused),
        Outcome::Reviewed(Reviewed::Gone),
    ] {
        let mut order = order();
        order.pages = vec![vec![crate::form::render::Embed::default()]];
        let mut driver = Driver {
            opening: Opening::new(order),
            now: NOW,
        };
        driver.poll();
        driver.on(acknowledged());
        driver.on(created());
        driver.on(OWN);
        driver.on(RESPONDED);
        assert_eq!(driver.on(sent()), post(0));
        if let Outcome::Reviewed(_) = outcome {
            driver.on(Outcome::Posted(Posted::Doubt));
            driver.wait();
        }
        assert_eq!(driver.on(outcome), [Step::RollBack(THREAD)]);
        let steps = driver.on(Outcome::RolledBack(RolledBack::Done));
        let ended = Reply::Ended(Text::OpeningRolledBack {});
        assert_eq!(steps, respond(ended));
        driver.on(RESPONDED);
        let end = driver.end().expect("it is over");
        assert_eq!((end.ticket, end.rolled_back), (None, Some(THREAD)));
    }
}
