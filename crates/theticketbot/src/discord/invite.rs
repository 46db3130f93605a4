//! The link that adds the bot to a server.

use tickets::permission::Permission;

/// The permissions that the bot needs: View Channels, Send Messages, Create Private Threads, Send
/// Messages in Threads, Embed Links, Attach Files.
pub fn invite_link(application: u64) -> String {
    const NEEDED: [Permission; 6] = [
        Permission::ViewChannel,
        Permission::SendMessages,
        Permission::CreatePrivateThreads,
        Permission::SendMessagesInThreads,
        Permission::EmbedLinks,
        Permission::AttachFiles,
    ];
    let permissions = NEEDED
        .into_iter()
        .fold(0, |bits, permission| bits | permission.bit());
    format!(
        "https://discord.com/oauth2/authorize?client_id={application}&scope=bot+applications.commands\
         &permissions={permissions}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invite_link_asks_for_six_permissions() {
        assert_eq!(
            invite_link(7),
            "https://discord.com/oauth2/authorize?client_id=7&scope=bot+applications.commands\
             &permissions=343597435904"
        );
    }
}
