//! What the library itself promises to those who write tests with it.

use discord_sandbox::Sandbox;

#[tokio::test]
#[should_panic(expected = "asked again from inside")]
async fn looking_while_looking_says_so_instead_of_waiting_for_ever() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.look(|_| sandbox.now());
}

#[tokio::test]
async fn many_sandboxes_live_in_one_process() {
    let (first, second) = (
        Sandbox::start().await.unwrap(),
        Sandbox::start().await.unwrap(),
    );
    // One can be used while another is read.
    let (a, b) = first.look(|look| (look.now(), second.now()));
    assert!(b >= a);
    assert_ne!(first.url(), second.url());
    let support = first.channel("support").unwrap();
    first.owner().send(support, "Hello").await.unwrap();
    assert!(second.look(|look| look.messages(support).next().is_none()));
    first.finish().await.unwrap();
    second.finish().await.unwrap();
}
