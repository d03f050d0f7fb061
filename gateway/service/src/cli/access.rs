//! `access`: who may use the API, and for what.

use super::{Failure, Settings, say};
use crate::{
	api::access::{Access as Keys, KeyInfo, NewKey},
	model::Role,
	store::{Store, now},
};
use clap::{Args, Subcommand};
use hanse_chain::InstitutionId;

const DAY: i64 = 24 * 60 * 60 * 1000;

/// Make, list and revoke keys to the API
///
/// A key belongs to one institution and has one role. It is shown once; the database has its hash only.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  hanse-gateway access create --institution 1 --role admin --name 'the shop system'
  hanse-gateway access create --institution 1 --role till --till 3 --name 'till 3' --days 365
  hanse-gateway access list --institution 1
  hanse-gateway access revoke --institution 1 0190f3c4-…")]
pub struct Access {
	#[command(flatten)]
	settings: Settings,
	#[command(subcommand)]
	command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
	/// Make a key, and print it alone on standard output
	Create {
		#[arg(long)]
		institution: InstitutionId,
		/// registrar, issuer, till, treasurer, delegate, reader, analyst or admin
		#[arg(long, value_parser = role)]
		role: Role,
		/// For whom it is, so that it can be told from others
		#[arg(long)]
		name: String,
		/// The only till whose payment requests, payments, awards and operations it may see and change
		#[arg(long)]
		till: Option<String>,
		/// After how many days it ends
		#[arg(long)]
		days: Option<u32>,
	},
	/// List an institution's keys, the newest last
	List {
		#[arg(long)]
		institution: InstitutionId,
	},
	/// Refuse a key from now on
	Revoke {
		#[arg(long)]
		institution: InstitutionId,
		/// As `list` shows it
		id: String,
	},
}

fn role(name: &str) -> Result<Role, String> {
	Role::ALL
		.into_iter()
		.find(|role| role.name() == name)
		.ok_or_else(|| format!("{name} is no role: write one of {}", Role::ALL.map(Role::name).join(", ")))
}

impl Access {
	pub async fn execute(self) -> Result<(), Failure> {
		let config = self.settings.load(None, None)?;
		let lanes = config.institutions.iter().flat_map(|one| one.keys.keys().map(|key| (one.id, *key)));
		let access = Keys::new(Store::open(&config.database).await?, lanes);
		match self.command {
			Command::Create { institution, role, name, till, days } => {
				if config.institution(institution).is_none() {
					return Err(Failure::Usage(format!(
						"this gateway does not act for institution {institution}: `hanse-gateway init --institution {institution}` adds it"
					)));
				}
				let expires = days.map(|days| now() + i64::from(days) * DAY);
				let key = NewKey { institution, role, till, name, account: None, expires };
				let (secret, info) = access.create(key).await?;
				eprintln!("Key {} ({}). It is shown this once:", info.id, role.name());
				println!("{secret}");
			},
			Command::List { institution } => {
				for key in access.list(institution).await? {
					say(line(&key))?;
				}
			},
			Command::Revoke { institution, id } => {
				if !access.revoke(institution, &id).await? {
					return Err(Failure::Usage(format!(
						"institution {institution} has no key {id} that is good: `hanse-gateway access list` shows them"
					)));
				}
			},
		}
		Ok(())
	}
}

fn line(key: &KeyInfo) -> String {
	let state = match key.expires {
		_ if key.revoked => "revoked",
		Some(end) if end <= now() => "ended",
		_ => "good",
	};
	let till = key.till.as_deref().map(|till| format!(" till {till}")).unwrap_or_default();
	format!("{}  {:9}  {state:7}  {}{till}", key.id, key.role.name(), key.name)
}
