//! The whole program, as people use it: one file for each story.
//!
//! The real bot runs in the same process as a sandbox, over real HTTP and WebSocket. People act through the
//! sandbox; a story waits for a change of the world and never sleeps.

#[path = "../events/mod.rs"]
mod events;
mod stage;

mod access;
mod archiving;
mod asking_to_close;
mod attacks;
mod bad_days;
mod bad_starts;
mod catching_up;
mod claims;
mod cleaning_up;
mod close_button;
mod closed_tickets;
mod connecting;
mod creating_an_inbox;
mod crowds;
mod customising;
#[cfg(all(feature = "demo", unix))]
mod demo;
mod failing_scans;
mod forged_ids;
mod forgetting;
mod form_files;
mod form_kinds;
mod forms;
#[cfg(unix)]
mod health;
mod hidden_tickets;
#[cfg(unix)]
mod hostile;
mod hosting;
mod hosts_bad_days;
mod inbox_list;
mod inboxes_as_a_file;
mod languages;
mod leaving;
mod limits;
mod log_lines;
mod many_due;
mod metrics;
mod notices;
mod notices_of_waiting;
mod one_message;
mod opening_a_ticket;
mod opening_for_others;
mod orphaned_threads;
mod panels;
#[cfg(all(feature = "postgres", unix))]
mod postgres;
mod program;
mod refusals;
mod registration;
mod reminders;
mod removing;
mod reopened_by_owner;
mod repeated;
mod reports;
mod restarting;
mod resuming;
mod round_trips;
mod selecting;
mod setting_up;
mod setting_up_more;
mod settings;
mod settings_in_one_place;
mod sharding;
mod slow_gateway;
mod slow_settings;
mod strange_gateway;
mod ticket_commands;
mod ticket_lists;
mod transfers;
mod unexpected_errors;
mod uninvited_owners;
mod waiting;
mod waits_for;
