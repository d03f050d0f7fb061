//! The index against the chain's own books, at one final block, to the unit.

use crate::{
	follow::{Cursor, Flow, FollowError, cursor},
	store::{Engine, Store, StoreError},
};
use hanse_chain::{AccountId, AssetId, BlockError, Blocks, InstitutionId, Ledger, Line, Moment, ProgramId};
use serde::Serialize;
use sqlx::{Any, Row, Transaction, any::AnyRow};
use std::{collections::BTreeSet, fmt};

/// What the command ends with if there are differences.
pub const EXIT_CODE: u8 = 3;

#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
	#[error(transparent)]
	Node(#[from] BlockError),
	#[error(transparent)]
	Store(#[from] StoreError),
	#[error(transparent)]
	Index(#[from] FollowError),
	#[error("nothing is indexed yet: run the gateway until it has read some blocks")]
	Empty,
}

impl From<sqlx::Error> for ReconcileError {
	fn from(error: sqlx::Error) -> Self {
		Self::Store(error.into())
	}
}

/// What was compared, and where the two are not the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reconciliation {
	pub block: u64,
	/// How many amounts were compared.
	pub compared: usize,
	pub differences: Vec<Difference>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
	pub of: String,
	/// Smallest units or micro-units, as decimal strings; what is not there is 0.
	pub index: String,
	pub chain: String,
}

impl fmt::Display for Reconciliation {
	fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
		let Self { block, compared, differences } = self;
		if differences.is_empty() {
			return write!(f, "block {block}: {compared} amounts are the same in the index and on the chain");
		}
		let width = |of: fn(&Difference) -> &str| differences.iter().map(|d| of(d).len()).max().unwrap_or(0);
		let (first, second) = (width(|d| &d.of), width(|d| &d.index).max(5));
		writeln!(f, "block {block}: {} of {compared} amounts are not the same", differences.len())?;
		write!(f, "{:first$}  {:>second$}  {:>5}", "", "index", "chain")?;
		differences
			.iter()
			.try_for_each(|d| write!(f, "\n{:first$}  {:>second$}  {:>5}", d.of, d.index, d.chain))
	}
}

/// Compares everything at the last block in the index.
pub async fn reconcile(store: &Store, blocks: &Blocks) -> Result<Reconciliation, ReconcileError> {
	// All of the index as it is at one block, while it goes on.
	let mut tx = match store.engine() {
		Engine::Sqlite => store.read().begin().await?,
		Engine::Postgres => {
			store.read().begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY").await?
		},
	};
	let Cursor { number, hash } = cursor(&mut *tx).await?.ok_or(ReconcileError::Empty)?;
	let time: i64 = sqlx::query_scalar("SELECT time FROM blocks ORDER BY number DESC LIMIT 1")
		.fetch_one(&mut *tx)
		.await?;
	let chain = blocks.ledger(number, hash, time.unsigned_abs()).await?;
	let index = Index { tx: &mut tx, chain: &chain, lines: Ledger::default() }.read().await?;
	tx.rollback().await?;

	let lines: BTreeSet<_> = index.lines.keys().chain(chain.lines.keys()).copied().collect();
	let amount = |ledger: &Ledger, line| ledger.lines.get(line).copied().unwrap_or_default();
	let differences = lines.iter().filter_map(|line| {
		let (index, chain) = (amount(&index, line), amount(&chain, line));
		(index != chain).then(|| Difference {
			of: line.to_string(),
			index: index.to_string(),
			chain: chain.to_string(),
		})
	});
	Ok(Reconciliation { block: number, compared: lines.len(), differences: differences.collect() })
}

/// Reads the index's lines.
struct Index<'a> {
	tx: &'a mut Transaction<'static, Any>,
	/// Says which periods run, which orders must be there, and which day a budget is of.
	chain: &'a Ledger,
	lines: Ledger,
}

impl Index<'_> {
	async fn read(mut self) -> Result<Ledger, ReconcileError> {
		self.read_holdings().await?;
		self.read_flows().await?;
		self.read_periods().await?;
		self.read_clearing().await?;
		self.read_payments().await?;
		self.read_sponsored().await?;
		Ok(self.lines)
	}

	async fn read_holdings(&mut self) -> Result<(), ReconcileError> {
		let statement = "SELECT v.asset, v.supply, v.pending, v.face_value, p.institution FROM vintages v JOIN programs p ON p.program = v.program WHERE v.expired IS NULL";
		for row in self.rows(statement).await? {
			let asset = small::<AssetId>(&row, "asset")?;
			let (supply, pending) = (whole(&row, "supply")?, whole(&row, "pending")?);
			self.add(Line::Supply(asset), supply);
			self.add(Line::Pending(asset), pending);
			let value = (supply + pending) * whole(&row, "face_value")?;
			self.add(Line::Outstanding(small(&row, "institution")?), value);
		}
		for row in self.rows("SELECT asset, account, amount, pending FROM holdings").await? {
			let (asset, account) = (small(&row, "asset")?, account(&row, "account")?);
			self.add(Line::Held(asset, account), whole(&row, "amount")?);
			self.add(Line::PendingFor(asset, account), whole(&row, "pending")?);
		}
		Ok(())
	}

	async fn read_flows(&mut self) -> Result<(), ReconcileError> {
		let statement = "SELECT f.* FROM flows f JOIN (SELECT program, MAX(block) AS block FROM flows GROUP BY program) l ON l.program = f.program AND l.block = f.block";
		for row in self.rows(statement).await? {
			let program = small(&row, "program")?;
			let flows = flows(&row)?;
			for (flow, amount) in Flow::ALL.into_iter().zip(flows) {
				self.add(Line::Flow(program, flow.name()), amount);
			}
			self.add(Line::Closing(program), in_circulation(flows));
		}
		Ok(())
	}

	/// What happened in the period that runs, which the chain's books began at a moment that only it knows.
	async fn read_periods(&mut self) -> Result<(), ReconcileError> {
		let periods: Vec<_> = self.chain.periods.clone();
		for (program, from) in periods {
			let before = self.flows_until(program, from).await?;
			self.add(Line::Opening(program, from), in_circulation(before));
			for (flow, before) in Flow::ALL.into_iter().zip(before) {
				let now = self.lines.lines.get(&Line::Flow(program, flow.name())).copied();
				self.add(Line::FlowSince(program, from, flow.name()), now.unwrap_or_default() - before);
			}
		}
		Ok(())
	}

	/// What had happened when a period ended: with the first block after its end, whose expiries are before that.
	async fn flows_until(&mut self, program: ProgramId, end: Moment) -> Result<[i128; 8], ReconcileError> {
		let end = i64::try_from(end).unwrap_or(i64::MAX);
		let before = "SELECT * FROM flows WHERE program = $1 AND time < $2 ORDER BY block DESC LIMIT 1";
		let before =
			sqlx::query(before).bind(i64::from(program)).bind(end).fetch_optional(&mut **self.tx).await?;
		let mut sums = before.as_ref().map(flows).transpose()?.unwrap_or_default();
		let then = "SELECT * FROM flows WHERE program = $1 AND block = (SELECT MIN(number) FROM blocks WHERE time >= $2)";
		let then =
			sqlx::query(then).bind(i64::from(program)).bind(end).fetch_optional(&mut **self.tx).await?;
		if let Some(then) = then {
			let carried_before: i128 =
				before.as_ref().map(|row| whole(row, "carried")).transpose()?.unwrap_or_default();
			sums[Flow::Expired as usize] = whole(&then, "expired")?;
			sums[Flow::Reinstated as usize] += whole(&then, "carried")? - carried_before;
		}
		Ok(sums)
	}

	async fn read_clearing(&mut self) -> Result<(), ReconcileError> {
		for row in self.rows("SELECT low, high, value FROM positions").await? {
			let pair = Line::Position(small(&row, "low")?, small(&row, "high")?);
			self.add(pair, whole(&row, "value")?);
		}
		for row in self.rows("SELECT debtor, creditor, value FROM turnovers").await? {
			let pair = Line::Turnover(small(&row, "debtor")?, small(&row, "creditor")?);
			self.add(pair, whole(&row, "value")?);
		}
		Ok(())
	}

	/// Of payments those of which the chain still has the receipt, or must have it since their order could come again.
	async fn read_payments(&mut self) -> Result<(), ReconcileError> {
		let mut seen = BTreeSet::new();
		let statement = "SELECT merchant, payer, commitment, era, status, price, refunded FROM payments ORDER BY block DESC, position DESC";
		for row in self.rows(statement).await? {
			let (merchant, payer) = (small::<InstitutionId>(&row, "merchant")?, account(&row, "payer")?);
			let order = thirty_two(&row, "commitment")?;
			if !seen.insert((merchant, payer, order)) {
				continue;
			}
			let (paid, refunded) =
				(Line::Paid(merchant, payer, order), Line::Refunded(merchant, payer, order));
			let takes_orders = small::<u32>(&row, "era")? >= self.chain.orders_from;
			let is_void = row.try_get::<String, _>("status")? == "void";
			if self.chain.lines.contains_key(&paid) || (takes_orders && !is_void) {
				self.add(paid, whole(&row, "price")?);
				self.add(refunded, whole(&row, "refunded")?);
			}
		}
		Ok(())
	}

	async fn read_sponsored(&mut self) -> Result<(), ReconcileError> {
		for row in self.rows("SELECT sponsor, day, fees FROM sponsored").await? {
			let line = Line::Sponsored(small(&row, "sponsor")?, small(&row, "day")?);
			// The chain only keeps the last day.
			if self.chain.lines.contains_key(&line) {
				self.add(line, whole(&row, "fees")?);
			}
		}
		Ok(())
	}

	async fn rows(&mut self, statement: &'static str) -> Result<Vec<AnyRow>, ReconcileError> {
		Ok(sqlx::query(statement).fetch_all(&mut **self.tx).await?)
	}

	fn add(&mut self, line: Line, amount: i128) {
		*self.lines.lines.entry(line).or_default() += amount;
	}
}

fn flows(row: &AnyRow) -> Result<[i128; 8], StoreError> {
	let mut flows = [0; 8];
	for flow in Flow::ALL {
		flows[flow as usize] = whole(row, flow.name())?;
	}
	Ok(flows)
}

/// What is left of everything that ever came into being.
fn in_circulation(flows: [i128; 8]) -> i128 {
	let of = |flow: Flow| flows[flow as usize];
	let made = of(Flow::Issued) + of(Flow::Reinstated) + of(Flow::ExchangedIn);
	let redeemed = of(Flow::RedeemedAtHome) + of(Flow::RedeemedAtPartners);
	made - redeemed - of(Flow::ExchangedOut) - of(Flow::Expired) - of(Flow::Cancelled)
}

fn whole(row: &AnyRow, name: &str) -> Result<i128, StoreError> {
	Ok(row.try_get::<i64, _>(name)?.into())
}

fn small<N: TryFrom<i64>>(row: &AnyRow, name: &str) -> Result<N, StoreError> {
	let number = row.try_get::<i64, _>(name)?;
	N::try_from(number).map_err(|_| StoreError::Inconsistent(format!("a {name} of {number}")))
}

fn thirty_two(row: &AnyRow, name: &str) -> Result<[u8; 32], StoreError> {
	let bytes = row.try_get::<Vec<u8>, _>(name)?;
	bytes.try_into().map_err(|_| StoreError::Inconsistent(format!("a {name} that is not 32 bytes")))
}

fn account(row: &AnyRow, name: &str) -> Result<AccountId, StoreError> {
	Ok(AccountId(thirty_two(row, name)?))
}
