//! What a block changes, gathered, so that each row is written once.

use super::{Books, program_of};
use crate::follow::{
	FollowError,
	rows::{self, Value},
};
use hanse_chain::{AccountId, AssetId, InstitutionId, ProgramId};
use sqlx::Row;
use std::collections::BTreeMap;

/// What can happen to a program's points, in the order of the table's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
	Issued,
	RedeemedAtHome,
	RedeemedAtPartners,
	ExchangedIn,
	ExchangedOut,
	Expired,
	Cancelled,
	Reinstated,
}

impl Flow {
	pub const ALL: [Self; 8] = [
		Self::Issued,
		Self::RedeemedAtHome,
		Self::RedeemedAtPartners,
		Self::ExchangedIn,
		Self::ExchangedOut,
		Self::Expired,
		Self::Cancelled,
		Self::Reinstated,
	];

	/// The column, and the field on the chain.
	pub fn name(self) -> &'static str {
		match self {
			Self::Issued => "issued",
			Self::RedeemedAtHome => "redeemed_at_home",
			Self::RedeemedAtPartners => "redeemed_at_partners",
			Self::ExchangedIn => "exchanged_in",
			Self::ExchangedOut => "exchanged_out",
			Self::Expired => "expired",
			Self::Cancelled => "cancelled",
			Self::Reinstated => "reinstated",
		}
	}
}

/// A line in an account's history.
#[derive(Clone, Debug)]
pub(super) struct Entry {
	account: AccountId,
	position: u32,
	part: u32,
	kind: &'static str,
	asset: Option<AssetId>,
	points: Option<i128>,
	institution: Option<InstitutionId>,
	value: Option<u128>,
	commitment: Option<[u8; 32]>,
	other: Option<AccountId>,
}

impl Entry {
	pub fn new(account: AccountId, position: u32, kind: &'static str) -> Self {
		Self {
			account,
			position,
			part: 0,
			kind,
			asset: None,
			points: None,
			institution: None,
			value: None,
			commitment: None,
			other: None,
		}
	}

	pub fn part(self, part: u32) -> Self {
		Self { part, ..self }
	}

	pub fn points(self, asset: AssetId, points: i128) -> Self {
		Self { asset: Some(asset), points: Some(points), ..self }
	}

	pub fn institution(self, institution: InstitutionId) -> Self {
		Self { institution: Some(institution), ..self }
	}

	pub fn value(self, value: u128) -> Self {
		Self { value: Some(value), ..self }
	}

	pub fn order(self, commitment: [u8; 32]) -> Self {
		Self { commitment: Some(commitment), ..self }
	}

	pub fn other(self, other: AccountId) -> Self {
		Self { other: Some(other), ..self }
	}
}

#[derive(Debug, Default)]
pub(super) struct Changes {
	/// Held and pending.
	holdings: BTreeMap<(AssetId, AccountId), (i128, i128)>,
	flows: BTreeMap<ProgramId, [i128; 8]>,
	/// Of what was reinstated, what was carried out of a vintage that expired.
	carried: BTreeMap<ProgramId, i128>,
	entries: Vec<Entry>,
	/// Fees and transactions.
	sponsored: BTreeMap<(InstitutionId, i64), (i128, i128)>,
	/// Value, set off, on the line.
	turnovers: BTreeMap<(InstitutionId, InstitutionId), [i128; 3]>,
	positions: BTreeMap<(InstitutionId, InstitutionId), i128>,
	/// Rows of the table of payments.
	pub payments: Vec<[Value; 13]>,
}

impl Changes {
	pub fn hold(&mut self, asset: AssetId, account: AccountId, points: i128) {
		self.holdings.entry((asset, account)).or_default().0 += points;
	}

	pub fn pend(&mut self, asset: AssetId, account: AccountId, points: i128) {
		self.holdings.entry((asset, account)).or_default().1 += points;
	}

	pub fn flow(&mut self, program: ProgramId, flow: Flow, points: u128) {
		self.flows.entry(program).or_default()[flow as usize] += signed(points);
	}

	pub fn carry(&mut self, program: ProgramId, points: u128) {
		*self.carried.entry(program).or_default() += signed(points);
	}

	pub fn enter(&mut self, entry: Entry) {
		self.entries.push(entry);
	}

	pub fn sponsor(&mut self, sponsor: InstitutionId, day: i64, fee: u128) {
		let sum = self.sponsored.entry((sponsor, day)).or_default();
		*sum = (sum.0 + signed(fee), sum.1 + 1);
	}

	pub fn turn_over(&mut self, debtor: InstitutionId, creditor: InstitutionId, amounts: [u128; 3]) {
		let sums = self.turnovers.entry((debtor, creditor)).or_default();
		sums.iter_mut().zip(amounts).for_each(|(sum, amount)| *sum += signed(amount));
	}

	/// `debtor` owes `creditor` so much more, or less.
	pub fn owe(&mut self, debtor: InstitutionId, creditor: InstitutionId, value: i128) {
		let (pair, value) = match debtor < creditor {
			true => ((debtor, creditor), value),
			false => ((creditor, debtor), -value),
		};
		*self.positions.entry(pair).or_default() += value;
	}
}

/// Amounts of the chain are far below 2¹²⁷; one that is not fails when it is written.
pub(super) fn signed(amount: u128) -> i128 {
	i128::try_from(amount).unwrap_or(i128::MAX / 4)
}

impl Books<'_> {
	/// Writes what was gathered until now.
	pub(super) async fn flush(&mut self) -> Result<(), FollowError> {
		let changes = std::mem::take(&mut self.changes);
		self.write_holdings(changes.holdings).await?;
		self.write_flows(changes.flows, &changes.carried).await?;
		self.write_entries(changes.entries).await?;
		let columns = [
			"block",
			"position",
			"extrinsic",
			"time",
			"merchant",
			"payer",
			"era",
			"commitment",
			"status",
			"authorised",
			"price",
			"refunded",
			"changed",
		];
		rows::insert(self.tx, "payments", columns, "", changes.payments).await?;

		let mut rows = Vec::new();
		for ((sponsor, day), (fees, transactions)) in changes.sponsored {
			let (fees, transactions) = (self.amount(fees)?, self.amount(transactions)?);
			rows.push([Value::Number(sponsor.into()), Value::Number(day), fees, transactions]);
		}
		let then = "ON CONFLICT (sponsor, day) DO UPDATE SET fees = sponsored.fees + excluded.fees, transactions = sponsored.transactions + excluded.transactions";
		rows::insert(self.tx, "sponsored", ["sponsor", "day", "fees", "transactions"], then, rows).await?;

		let mut rows = Vec::new();
		for ((debtor, creditor), [value, set_off, line]) in changes.turnovers {
			let (debtor, creditor) = (Value::Number(debtor.into()), Value::Number(creditor.into()));
			rows.push([debtor, creditor, self.amount(value)?, self.amount(set_off)?, self.amount(line)?]);
		}
		let then = "ON CONFLICT (debtor, creditor) DO UPDATE SET value = turnovers.value + excluded.value, set_off = turnovers.set_off + excluded.set_off, line = turnovers.line + excluded.line";
		let columns = ["debtor", "creditor", "value", "set_off", "line"];
		rows::insert(self.tx, "turnovers", columns, then, rows).await?;

		let mut rows = Vec::new();
		for ((low, high), value) in changes.positions.into_iter().filter(|(_, value)| *value != 0) {
			rows.push([Value::Number(low.into()), Value::Number(high.into()), self.amount(value)?]);
		}
		if rows.is_empty() {
			return Ok(());
		}
		let then = "ON CONFLICT (low, high) DO UPDATE SET value = positions.value + excluded.value";
		rows::insert(self.tx, "positions", ["low", "high", "value"], then, rows).await?;
		sqlx::query("DELETE FROM positions WHERE value = 0").execute(&mut **self.tx).await?;
		Ok(())
	}

	async fn write_holdings(
		&mut self,
		holdings: BTreeMap<(AssetId, AccountId), (i128, i128)>,
	) -> Result<(), FollowError> {
		let mut vintages = BTreeMap::<AssetId, (i128, i128)>::new();
		let mut rows = Vec::new();
		for ((asset, account), (held, pending)) in holdings {
			let sum = vintages.entry(asset).or_default();
			*sum = (sum.0 + held, sum.1 + pending);
			let (held, pending) = (self.amount(held)?, self.amount(pending)?);
			rows.push([Value::Number(asset.into()), Value::Bytes(account.0.to_vec()), held, pending]);
		}
		let then = "ON CONFLICT (asset, account) DO UPDATE SET amount = holdings.amount + excluded.amount, pending = holdings.pending + excluded.pending RETURNING asset, account, amount, pending";
		let columns = ["asset", "account", "amount", "pending"];
		for row in rows::insert_returning(self.tx, "holdings", columns, then, rows).await? {
			let (amount, pending): (i64, i64) = (row.try_get("amount")?, row.try_get("pending")?);
			if amount < 0 || pending < 0 {
				return Err(self.contradiction("somebody would have fewer points than none"));
			}
			if amount == 0 && pending == 0 {
				sqlx::query("DELETE FROM holdings WHERE asset = $1 AND account = $2")
					.bind(row.try_get::<i64, _>("asset")?)
					.bind(row.try_get::<Vec<u8>, _>("account")?)
					.execute(&mut **self.tx)
					.await?;
			}
		}
		for (asset, (held, pending)) in vintages {
			let statement = "UPDATE vintages SET supply = supply + $1, pending = pending + $2 WHERE asset = $3 AND expired IS NULL";
			let done = sqlx::query(statement)
				.bind(self.whole(held)?)
				.bind(self.whole(pending)?)
				.bind(i64::from(asset))
				.execute(&mut **self.tx)
				.await?;
			if done.rows_affected() != 1 {
				return Err(self.contradiction(format!("points moved of vintage {asset}, which is not open")));
			}
		}
		Ok(())
	}

	async fn write_flows(
		&mut self,
		flows: BTreeMap<ProgramId, [i128; 8]>,
		carried: &BTreeMap<ProgramId, i128>,
	) -> Result<(), FollowError> {
		let names = Flow::ALL.map(Flow::name);
		for (program, more) in flows {
			let last = sqlx::query("SELECT * FROM flows WHERE program = $1 ORDER BY block DESC LIMIT 1")
				.bind(i64::from(program))
				.fetch_optional(&mut **self.tx)
				.await?;
			let mut row =
				vec![Value::Number(program.into()), Value::Number(self.number), Value::Number(self.time)];
			for (name, more) in names.into_iter().zip(more) {
				let before: i64 = last.as_ref().map_or(Ok(0), |last| last.try_get(name))?;
				row.push(self.amount(i128::from(before) + more)?);
			}
			let before: i64 = last.as_ref().map_or(Ok(0), |last| last.try_get("carried"))?;
			row.push(self.amount(i128::from(before) + carried.get(&program).copied().unwrap_or_default())?);
			let row: [Value; 12] = row.try_into().map_err(|_| self.contradiction("flows without a name"))?;
			let set: Vec<_> =
				names.iter().chain(&["carried"]).map(|name| format!("{name} = excluded.{name}")).collect();
			let then = format!("ON CONFLICT (program, block) DO UPDATE SET {}", set.join(", "));
			let columns = [
				"program", "block", "time", names[0], names[1], names[2], names[3], names[4], names[5],
				names[6], names[7], "carried",
			];
			rows::insert(self.tx, "flows", columns, &then, vec![row]).await?;
		}
		Ok(())
	}

	async fn write_entries(&mut self, entries: Vec<Entry>) -> Result<(), FollowError> {
		let mut rows = Vec::new();
		for entry in entries {
			let points = entry.points.map(|points| self.whole(points)).transpose()?;
			let value = entry.value.map(|value| self.whole(signed(value))).transpose()?;
			rows.push([
				Value::Bytes(entry.account.0.to_vec()),
				Value::Number(self.number),
				Value::Number(entry.position.into()),
				Value::Number(entry.part.into()),
				Value::Number(self.time),
				Value::Text(entry.kind.to_owned()),
				Value::OptionalNumber(entry.asset.map(|asset| program_of(asset).into())),
				Value::OptionalNumber(entry.asset.map(i64::from)),
				Value::OptionalNumber(points),
				Value::OptionalNumber(entry.institution.map(i64::from)),
				Value::OptionalNumber(value),
				Value::OptionalBytes(entry.commitment.map(|commitment| commitment.to_vec())),
				Value::OptionalBytes(entry.other.map(|other| other.0.to_vec())),
			]);
		}
		let columns = [
			"account",
			"block",
			"position",
			"part",
			"time",
			"kind",
			"program",
			"asset",
			"points",
			"institution",
			"value",
			"commitment",
			"other",
		];
		rows::insert(self.tx, "history", columns, "", rows).await
	}

	/// As the database keeps it.
	pub(super) fn whole(&self, amount: i128) -> Result<i64, FollowError> {
		i64::try_from(amount).map_err(|_| self.contradiction(format!("an amount of {amount}")))
	}

	pub(super) fn amount(&self, amount: i128) -> Result<Value, FollowError> {
		Ok(Value::Number(self.whole(amount)?))
	}
}
