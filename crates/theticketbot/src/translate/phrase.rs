//! What is said beside the sentences of [`tickets::text`]: the names on Discord's own surfaces
//! (commands, forms, menus), and the small parts that sentences are put together from.

macro_rules! phrases {
    ($($name:ident $key:literal [$($variable:literal),*])+) => {
        /// A name on one of Discord's surfaces, or a part of a sentence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Phrase { $($name,)+ }

        impl Phrase {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The key in the translations.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$name => $key,)+ }
            }

            /// The variables that it is given.
            pub const fn variables(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($variable),*],)+ }
            }
        }
    };
}

phrases! {
    CommandInbox "command-inbox" []
    CommandInboxDescription "command-inbox-description" []
    CommandCreate "command-create" []
    CommandCreateDescription "command-create-description" []
    CommandCreateChannel "command-create-channel" []
    CommandCreateChannelDescription "command-create-channel-description" []
    CommandCreateDestination "command-create-destination" []
    CommandCreateDestinationDescription "command-create-destination-description" []
    CommandCreateName "command-create-name" []
    CommandCreateNameDescription "command-create-name-description" []
    CommandCreatePanel "command-create-panel" []
    CommandCreatePanelDescription "command-create-panel-description" []
    CommandPanel "command-panel" []
    CommandPanelDescription "command-panel-description" []
    CommandPanelInboxDescription "command-panel-inbox-description" []
    CommandDestination "command-destination" []
    CommandDestinationDescription "command-destination-description" []
    CommandDestinationChannel "command-destination-channel" []
    CommandDestinationChannelDescription "command-destination-channel-description" []
    CommandMessage "command-message" []
    CommandMessageDescription "command-message-description" []
    CommandStaff "command-staff" []
    CommandStaffDescription "command-staff-description" []
    CommandNewTickets "command-new-tickets" []
    CommandNewTicketsDescription "command-new-tickets-description" []
    CommandStarter "command-starter" []
    CommandStarterDescription "command-starter-description" []
    CommandName "command-name" []
    CommandNameDescription "command-name-description" []
    CommandInboxList "command-inbox-list" []
    CommandInboxListDescription "command-inbox-list-description" []
    CommandSettings "command-settings" []
    CommandSettingsDescription "command-settings-description" []
    CommandSettingsInbox "command-settings-inbox" []
    CommandSettingsInboxDescription "command-settings-inbox-description" []
    CommandSettingsSetting "command-settings-setting" []
    CommandSettingsSettingDescription "command-settings-setting-description" []
    CommandSelect "command-select" []
    CommandTicket "command-ticket" []
    CommandTicketDescription "command-ticket-description" []
    CommandClose "command-close" []
    CommandCloseDescription "command-close-description" []
    CommandCloseReason "command-close-reason" []
    CommandCloseReasonDescription "command-close-reason-description" []
    CommandCloseRemoveOwner "command-close-remove-owner" []
    CommandCloseRemoveOwnerDescription "command-close-remove-owner-description" []
    CommandAdd "command-add" []
    CommandAddDescription "command-add-description" []
    CommandAddMemberDescription "command-add-member-description" []
    CommandRemove "command-remove" []
    CommandRemoveDescription "command-remove-description" []
    CommandRemoveMemberDescription "command-remove-member-description" []
    CommandMember "command-member" []
    CommandRename "command-rename" []
    CommandRenameDescription "command-rename-description" []
    CommandRenameName "command-rename-name" []
    CommandRenameNameDescription "command-rename-name-description" []
    CommandClaim "command-claim" []
    CommandClaimDescription "command-claim-description" []
    CommandUnclaim "command-unclaim" []
    CommandUnclaimDescription "command-unclaim-description" []
    CommandOpen "command-open" []
    CommandOpenDescription "command-open-description" []
    CommandOpenInboxDescription "command-open-inbox-description" []
    CommandOpenFor "command-open-for" []
    CommandReopen "command-reopen" []
    CommandReopenDescription "command-reopen-description" []
    CommandReopenTicketDescription "command-reopen-ticket-description" []
    CommandList "command-list" []
    CommandListDescription "command-list-description" []
    CommandListMemberDescription "command-list-member-description" []
    CommandHelp "command-help" []
    CommandHelpDescription "command-help-description" []

    StarterModalTitle "starter-modal-title" []
    StarterModalLabel "starter-modal-label" []
    StarterModalDescription "starter-modal-description" []
    NameModalTitle "name-modal-title" []
    NameModalLabel "name-modal-label" []
    NameModalDescription "name-modal-description" []
    NameModalDescriptionForm "name-modal-description-form" []
    FormTry "form-try" []
    FormModalTitle "form-modal-title" []
    StaffMenuPlaceholder "staff-menu-placeholder" []
    UseSuggestedButton "use-suggested-button" []
    OpenMenuPlaceholder "open-menu-placeholder" []
    EntriesPlaceholder "entries-placeholder" []
    EntriesAutomatic "entries-automatic" []
    EntriesButtons "entries-buttons" []
    EntriesMenu "entries-menu" []
    SettingsTitle "settings-title" ["inbox"]
    SettingsTitleServer "settings-title-server" []
    SettingsMenuPlaceholder "settings-menu-placeholder" ["group"]
    InboxMenuPlaceholder "inbox-menu-placeholder" []
    SettingModalTitle "setting-modal-title" []
    EditAgain "edit-again-button" []
    CloseModalTitle "close-modal-title" []
    AskCloseModalTitle "ask-close-modal-title" []
    CloseModalLabel "close-modal-label" []
    CloseModalDescription "close-modal-description" []
    JoinMenuPlaceholder "join-menu-placeholder" []
    PreviousPage "previous-page" []
    NextPage "next-page" []
    LanguageName "language-name" []

    DemoServer "demo-server" []
    DemoGeneral "demo-general" []
    DemoWelcome "demo-welcome" []
    DemoSupport "demo-support" []
    DemoTickets "demo-tickets" []
    DemoModerators "demo-moderators" []
    DemoMessage "demo-message" []

    Quoted "quoted" ["text"]
    MissingInChannel "missing-in-channel" ["channel", "permissions"]
    ListSeparator "list-separator" []
    AndMore "and-more" ["names", "count"]
    DurationSeconds "duration-seconds" ["count"]
    DurationMinutes "duration-minutes" ["count"]
    DurationHours "duration-hours" ["count"]
    DurationDays "duration-days" ["count"]
}
