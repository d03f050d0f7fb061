//! `hanse doctor`: whether a node is well, in words, for people and for monitoring.
//!
//! [`facts`] asks the node over its JSON-RPC and reads what this machine says of it; [`checks`] judges that, without
//! asking anybody, one function for each question.

mod checks;
mod facts;
mod host;
mod keystore;
mod rpc;

pub use checks::{Diagnosis, Severity};

use crate::cli::Cli;
use sc_cli::SubstrateCli;
use sc_service::BasePath;
use std::{io::Write, path::PathBuf, process::ExitCode};

const EXAMPLES: &str = "\
Examples:
  hanse doctor                                             a node on this machine
  hanse doctor --base-path data                            one whose data is elsewhere
  hanse doctor --rpc-url http://127.0.0.1:9945 --json      for a program

Each line is `ok`, `warning` or `FAULT`, what was seen, and what to do.
Exit code: that of the worst line, as monitoring plugins have it: 0 ok, 1 warning, 2 fault.";

/// Options of `doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Doctor {
	/// Where the node takes JSON-RPC.
	#[arg(long, value_name = "URL", default_value = "http://127.0.0.1:9944")]
	pub rpc_url: String,

	/// Print one JSON object instead of a table.
	#[arg(long)]
	pub json: bool,

	/// Watch for new blocks for so many seconds.
	#[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(3..=120))]
	pub watch: u64,

	/// Where the node keeps its data, if it was told so.
	#[arg(long, short = 'd', value_name = "PATH")]
	pub base_path: Option<PathBuf>,

	/// The chain, as the node was told: `dev`, `local`, or the path of a specification. Needed only where the data has
	/// several.
	#[arg(long, value_name = "CHAIN")]
	pub chain: Option<String>,
}

impl Doctor {
	/// Looks, prints, and returns the exit code.
	pub fn run(&self) -> sc_cli::Result<ExitCode> {
		let facts = facts::gather(&self.rpc_url, self.watch, self.chain_directory()?.as_deref());
		let findings = checks::all(&facts);
		let text = if self.json { as_json(&findings) } else { as_table(&findings) };
		std::io::stdout().write_all(text.as_bytes())?;
		let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Severity::Ok);
		Ok(ExitCode::from(worst as u8))
	}

	/// Where the node keeps keys and blocks: of the chain that was named, or of the only one that is there.
	fn chain_directory(&self) -> sc_cli::Result<Option<PathBuf>> {
		let base = match &self.base_path {
			Some(path) => BasePath::new(path),
			None => BasePath::from_project("", "", &Cli::executable_name()),
		};
		let chains = base.path().join("chains");
		if let Some(chain) = &self.chain {
			return Ok(Some(chains.join(sc_service::ChainSpec::id(&crate::chain_spec::load(chain)?))));
		}
		let mut found: Vec<_> =
			std::fs::read_dir(&chains).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
		Ok(if found.len() == 1 { found.pop() } else { None })
	}
}

/// One line for each finding, the worst first.
fn as_table(findings: &[Diagnosis]) -> String {
	let mut sorted: Vec<_> = findings.iter().collect();
	sorted.sort_by_key(|finding| std::cmp::Reverse(finding.level));
	let line = |finding: &&Diagnosis| {
		let todo = finding.todo.as_deref().map(|todo| format!("\n{:22}{todo}", "")).unwrap_or_default();
		format!("{:<8} {:<12} {}{todo}\n", finding.level.word(), finding.about, finding.seen)
	};
	sorted.iter().map(line).collect()
}

/// `{ "level": "warning", "findings": [{ "level", "about", "seen", "todo" }] }`.
fn as_json(findings: &[Diagnosis]) -> String {
	let worst = findings.iter().map(|finding| finding.level).max().unwrap_or(Severity::Ok);
	let list: Vec<_> = findings
		.iter()
		.map(|Diagnosis { level, about, seen, todo }| {
			serde_json::json!({ "level": level.word(), "about": about, "seen": seen, "todo": todo })
		})
		.collect();
	format!("{}\n", serde_json::json!({ "level": worst.word(), "findings": list }))
}
