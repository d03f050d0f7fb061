//! `opening issue`: each line of a signed document once.

use super::{
	Failure, Settings, chain,
	check::{Checked, checked, served},
	say,
	send::{Line, Outcome, Sender},
};
use crate::{
	config::Config,
	opening::{Document, order_of},
	store::{Store, StoreError},
};
use clap::Args;
use hanse_chain::Node;
use sqlx::Row;
use std::{collections::HashSet, net::SocketAddr, path::PathBuf};

/// Lines that are sent together, and waited for.
const TOGETHER: usize = 500;
/// The index is as good as the chain's own memory if it is not further behind than this.
const BEHIND: u64 = 100;

/// Issue a signed document through a running gateway, each line once
///
/// Checks the document first. What the chain or the index has of it is left out, also if the gateway's database was lost
/// and built again. Each line ends final, or it is said why not. Where the rules let no more be issued in a day it stops;
/// run it again the next day, and it goes on.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  HANSE_GATEWAY_KEY=hanse_… hanse-gateway opening issue opening.json
  HANSE_GATEWAY_KEY=hanse_… hanse-gateway opening issue opening.json --api https://gateway.example

The key is one with the role issuer: `hanse-gateway access create --institution 1 --role issuer --name opening`.")]
pub struct Issue {
	/// The document
	file: PathBuf,
	/// Where the gateway serves [default: where the configuration lets it listen]
	#[arg(long, value_name = "URL")]
	api: Option<String>,
	/// As for `run`
	#[arg(long, env = "HANSE_GATEWAY_LISTEN", hide = true)]
	listen: Option<SocketAddr>,
	/// A key to the API with the role issuer
	#[arg(long, env = "HANSE_GATEWAY_KEY", hide_env_values = true)]
	key: String,
}

impl Issue {
	pub async fn execute(self, settings: &Settings) -> Result<(), Failure> {
		let config = settings.load(self.listen, None)?;
		let (node, _) = chain::connect(&config).await?;
		let good = checked(&node, &self.file).await?;
		let before = issued_before(&Store::open(&config.database).await?, &node, &good).await?;
		let lines: Vec<Line> = lines(&good.document, good.hash)
			.zip(&before)
			.filter_map(|(line, before)| (!before).then_some(line))
			.collect();
		let earlier = good.document.balances.len() - lines.len();
		say(format_args!("before   {earlier} of {} lines", good.document.balances.len()))?;
		let sender = Sender::new(&self.api.unwrap_or_else(|| address(&config)), &self.key)?;
		let (issued, tried) = send(&sender, &lines).await?;
		say(format_args!("issued   {issued} of {} lines now", lines.len()))?;
		match lines.len() - issued {
			0 => Ok(()),
			left => Err(Failure::Failed(format!(
				"{left} lines are not issued, of which {} were not tried: see above why, and run it again",
				lines.len() - tried
			))),
		}
	}
}

/// Sends lines in pieces, until there are none or the rules let no more be issued; how many were issued and tried.
async fn send(sender: &Sender, lines: &[Line]) -> Result<(usize, usize), Failure> {
	let (mut issued, mut tried) = (0, 0);
	for some in lines.chunks(TOGETHER) {
		let outcomes = sender.issue(some).await?;
		tried += some.len();
		let mut is_over = false;
		for (line, outcome) in some.iter().zip(outcomes) {
			match outcome {
				Outcome::Final => issued += 1,
				Outcome::Refused { sentence, for_today } => {
					is_over |= for_today;
					say(format_args!(
						"line {}, {} points to {}: {sentence}",
						line.order, line.points, line.to
					))?;
				},
			}
		}
		if is_over {
			break;
		}
	}
	Ok((issued, tried))
}

/// Every line of a document as an award.
fn lines(document: &Document, hash: crate::model::Hash) -> impl Iterator<Item = Line> {
	let program = document.program;
	document.balances.iter().enumerate().map(move |(place, balance)| Line {
		program,
		order: (place + 1).to_string(),
		to: balance.account,
		points: balance.points.to_string(),
		document: hash,
	})
}

/// For each line whether it was issued: the chain remembers that for some days, the index for ever.
async fn issued_before(store: &Store, node: &Node, good: &Checked) -> Result<Vec<bool>, Failure> {
	let head = node.final_head().number;
	let indexed: Option<i64> =
		sqlx::query_scalar("SELECT MAX(number) FROM blocks").fetch_one(store.read()).await?;
	let indexed = indexed.unwrap_or_default().unsigned_abs();
	if indexed + BEHIND < head {
		return Err(Failure::Failed(format!(
			"the index has block {indexed} of {head}: let `hanse-gateway run` catch up first"
		)));
	}
	let rows = sqlx::query(
		"SELECT commitment FROM history WHERE program = $1 AND kind IN ('awarded', 'awarded_pending') AND commitment IS NOT NULL",
	)
	.bind(i64::from(good.document.program))
	.fetch_all(store.read())
	.await?;
	let known: HashSet<Vec<u8>> = rows
		.iter()
		.map(|row| row.try_get("commitment"))
		.collect::<Result<_, _>>()
		.map_err(StoreError::from)?;
	let remembered = served(&good.reads, &good.document, good.hash).await?;
	let indexed = |line: usize| {
		let order = order_of(good.hash, good.document.program, line);
		known.contains(order.0.as_slice())
	};
	Ok(remembered.into_iter().enumerate().map(|(place, found)| found || indexed(place + 1)).collect())
}

/// Where a gateway with this configuration serves.
fn address(config: &Config) -> String {
	let mut address = config.listen;
	if address.ip().is_unspecified() {
		address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
	}
	format!("http://{address}")
}
