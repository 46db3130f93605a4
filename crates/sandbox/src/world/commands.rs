//! Registering application commands, and who may use them.

use super::draft::CommandDraft;
use super::model::{Command, CommandKind, CommandSpec};
use super::{Change, Outcome, World, require};
use crate::error::ApiError;
use crate::id::{ApplicationId, CommandId, GuildId, Timestamp, UserId};
use crate::permissions::Permissions;

/// The scope of commands: global, or one server.
pub type Scope = Option<GuildId>;

/// A command that has been registered, and whether it is new.
#[derive(Clone, Debug)]
pub struct Registered {
    pub command: Command,
    pub is_new: bool,
}

impl World {
    /// An application's commands in one scope, in the order of registration.
    pub fn commands(&self, application: ApplicationId, scope: Scope) -> &[Command] {
        self.commands
            .get(&(application, scope))
            .map_or(&[], Vec::as_slice)
    }

    /// One command; 10063 if there is none with this id in the scope.
    pub fn command(
        &self,
        application: ApplicationId,
        scope: Scope,
        id: CommandId,
    ) -> Result<&Command, ApiError> {
        let found = self
            .commands(application, scope)
            .iter()
            .find(|c| c.id == id);
        found.ok_or(ApiError::UnknownCommand)
    }

    /// Replaces all commands of a scope. A command whose kind and name stay the same keeps its id.
    pub fn put_commands(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        scope: Scope,
        drafts: Vec<CommandDraft>,
    ) -> Outcome<Vec<Command>> {
        self.check_scope(application, scope)?;
        let kinds = [
            CommandKind::ChatInput,
            CommandKind::User,
            CommandKind::Message,
        ];
        for kind in kinds {
            if drafts.iter().filter(|d| d.spec.kind == kind).count() > max_commands(kind) {
                return Err(ApiError::TooManyCommands);
            }
        }
        // A copy: while it is replaced, no new command may take an old one's id.
        let old = self.commands(application, scope).to_vec();
        let same = |draft: &CommandDraft| {
            let named = |c: &&Command| is_same(&c.spec, &draft.spec);
            let known = |c: &&Command| Some(c.id) == draft.id && c.spec.kind == draft.spec.kind;
            old.iter().find(known).or_else(|| old.iter().find(named))
        };
        let commands: Vec<Command> = drafts
            .into_iter()
            .map(|draft| (same(&draft), draft.spec))
            .map(|(same, spec)| match same {
                Some(same) if same.spec == spec => same.clone(),
                same => Command {
                    id: same.map_or_else(|| self.new_command_id(now), |c| c.id),
                    application,
                    guild: scope,
                    version: self.ids.next(now),
                    spec,
                },
            })
            .collect();
        self.commands.insert((application, scope), commands.clone());
        Ok(Change {
            value: commands,
            events: Vec::new(),
        })
    }

    /// Registers a command. It replaces one with the same kind and name.
    pub fn create_command(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        scope: Scope,
        spec: CommandSpec,
    ) -> Outcome<Registered> {
        self.check_scope(application, scope)?;
        let existing = self.commands(application, scope);
        let same = existing
            .iter()
            .find(|c| is_same(&c.spec, &spec))
            .map(|c| c.id);
        let others = existing.iter().filter(|c| c.spec.kind == spec.kind).count();
        if same.is_none() && others >= max_commands(spec.kind) {
            return Err(ApiError::TooManyCommands);
        }
        let command = Command {
            id: same.unwrap_or_else(|| self.new_command_id(now)),
            application,
            guild: scope,
            version: self.ids.next(now),
            spec,
        };
        self.store_command(command.clone());
        let value = Registered {
            command,
            is_new: same.is_none(),
        };
        Ok(Change {
            value,
            events: Vec::new(),
        })
    }

    /// Changes a command's definition.
    pub fn edit_command(
        &mut self,
        now: Timestamp,
        application: ApplicationId,
        scope: Scope,
        id: CommandId,
        spec: CommandSpec,
    ) -> Outcome<Command> {
        let old = self.command(application, scope, id)?.clone();
        let others = self.commands(application, scope).iter();
        if others
            .filter(|c| c.id != id)
            .any(|c| is_same(&c.spec, &spec))
        {
            return Err(ApiError::CommandNameTaken);
        }
        let version = self.ids.next(now);
        let command = Command {
            version,
            spec,
            ..old
        };
        self.store_command(command.clone());
        Ok(Change {
            value: command,
            events: Vec::new(),
        })
    }

    pub fn delete_command(
        &mut self,
        application: ApplicationId,
        scope: Scope,
        id: CommandId,
    ) -> Outcome<()> {
        self.command(application, scope, id)?;
        if let Some(commands) = self.commands.get_mut(&(application, scope)) {
            commands.retain(|c| c.id != id);
        }
        Ok(Change {
            value: (),
            events: Vec::new(),
        })
    }

    /// Takes the commands over from the world before a reset: the global ones, and those of servers that the
    /// bot is in. Bots remember what they registered, and they cannot notice a reset.
    pub(crate) fn take_commands_of(&mut self, before: &mut Self) {
        for ((application, scope), commands) in std::mem::take(&mut before.commands) {
            if self.check_scope(application, scope).is_ok() {
                self.commands.insert((application, scope), commands);
            }
        }
    }

    /// The commands that a person may use in a server.
    pub fn commands_for(
        &self,
        now: Timestamp,
        person: UserId,
        guild: GuildId,
    ) -> Result<Vec<&Command>, ApiError> {
        self.joined_guild(person, guild)?;
        let own = self.permissions_in_guild(now, guild, person);
        let usable = |command: &&Command| may_use(own, &command.spec);
        Ok(self.commands_in(guild).filter(usable).collect())
    }

    /// All commands in a server: those of the applications whose bots are in it.
    pub(super) fn commands_in(&self, guild: GuildId) -> impl Iterator<Item = &Command> {
        let context = u8::from(guild.is_none());
        self.applications
            .values()
            .filter(move |a| guild.is_none() || self.member(guild, a.bot).is_some())
            .flat_map(move |a| {
                // A server's own command hides the global one with its name.
                let own = self.commands(a.id, Some(guild));
                let global = self.commands(a.id, None).iter().filter(move |command| {
                    let in_guilds = command
                        .spec
                        .contexts
                        .as_ref()
                        .map_or(context == 0 || command.spec.dm_permission, |c| {
                            c.contains(&context)
                        });
                    in_guilds && own.iter().all(|c| !is_same(&c.spec, &command.spec))
                });
                own.iter().chain(global)
            })
    }

    fn check_scope(&self, application: ApplicationId, scope: Scope) -> Result<(), ApiError> {
        let found = self
            .application(application)
            .ok_or(ApiError::UnknownApplication)?;
        match scope {
            Some(guild) if self.member(guild, found.bot).is_none() => Err(ApiError::MissingAccess),
            _ => Ok(()),
        }
    }

    /// An id that no command has. After a reset, counted ids begin again, but commands keep theirs.
    fn new_command_id(&mut self, now: Timestamp) -> CommandId {
        loop {
            let id = CommandId(self.ids.next(now));
            if self.commands.values().flatten().all(|c| c.id != id) {
                return id;
            }
        }
    }

    fn store_command(&mut self, command: Command) {
        let list = self
            .commands
            .entry((command.application, command.guild))
            .or_default();
        match list.iter_mut().find(|c| c.id == command.id) {
            Some(place) => *place = command,
            None => list.push(command),
        }
    }
}

/// Whether somebody with these permissions may use a command. `"0"` means: only administrators.
pub(super) fn may_use(own: Permissions, spec: &CommandSpec) -> bool {
    let needed = match spec.default_member_permissions {
        None => Permissions::NONE,
        Some(Permissions::NONE) => Permissions::ADMINISTRATOR,
        Some(bits) => bits,
    };
    require(own, needed | Permissions::USE_APPLICATION_COMMANDS).is_ok()
}

fn is_same(one: &CommandSpec, other: &CommandSpec) -> bool {
    one.kind == other.kind && one.name == other.name
}

const fn max_commands(kind: CommandKind) -> usize {
    match kind {
        CommandKind::ChatInput => 100,
        CommandKind::User | CommandKind::Message => 15,
    }
}
