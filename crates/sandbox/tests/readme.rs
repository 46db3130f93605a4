//! What the README shows works.

use discord_sandbox::Sandbox;

#[tokio::test]
async fn the_seed_file_of_the_readme_works() {
    let readme = include_str!("../README.md");
    let mut blocks = readme.split("```toml\n").skip(1);
    let world = blocks.find(|block| block.contains("[[guilds]]")).unwrap();
    let world = world.split("```").next().unwrap();
    let file = std::env::temp_dir().join(format!("readme-{}.toml", std::process::id()));
    std::fs::write(&file, world).unwrap();
    let builder = Sandbox::builder().seed_file(&file);
    std::fs::remove_file(&file).unwrap();

    let sandbox = builder.unwrap().start().await.unwrap();
    assert_eq!(sandbox.guild_id().0, 1_300_000_000_000_000_002);
    let ada = sandbox.person_named("ada").unwrap();
    assert_eq!(ada.id(), sandbox.moderator().id());
    let staff = sandbox.channel("staff").unwrap();
    ada.send(staff, "Bonjour").await.unwrap();
    let linus = sandbox.person_named("linus").unwrap();
    assert_eq!(
        linus.send(staff, "Hi").await.unwrap_err().code(),
        Some(50001)
    );
    assert!(sandbox.person_named("moderators").is_err());

    // A reset brings the same world back.
    sandbox.reset();
    assert_eq!(sandbox.person_named("ada").unwrap().id(), ada.id());
    sandbox.finish().await.unwrap();
}
