//! What members owe each other, and what the ends of cycles take off it.

use super::{Books, changes::signed};
use crate::follow::FollowError;
use hanse::clearing::Event as Clearing;
use hanse_chain::{InstitutionId, PairPosition, hanse};
use sqlx::Row;
use std::collections::BTreeMap;

impl Books<'_> {
	pub(super) async fn clearing(&mut self, what: &Clearing) -> Result<(), FollowError> {
		match what {
			Clearing::ObligationSettled { debtor, creditor, value, set_off, line } => {
				self.changes.turn_over(*debtor, *creditor, [*value, *set_off, *line]);
				// What is set off was owed the other way round.
				self.changes.owe(*debtor, *creditor, signed(*set_off) + signed(*line));
			},
			Clearing::BondDrawn { debtor, creditor, value } => {
				self.changes.owe(*debtor, *creditor, -signed(*value));
			},
			Clearing::CycleSettled { cycle, positions, moved } => {
				sqlx::query(
					"INSERT INTO cycles (cycle, block, time, positions, moved) VALUES ($1, $2, $3, $4, $5)",
				)
				.bind(i64::from(*cycle))
				.bind(self.number)
				.bind(self.time)
				.bind(i64::from(*positions))
				.bind(self.whole(signed(*moved))?)
				.execute(&mut **self.tx)
				.await?;
				if self.block.readings.positions.is_none() {
					return Err(self.contradiction("a cycle was settled, and positions were not read"));
				}
			},
			_ => {},
		}
		Ok(())
	}

	/// What the end of a cycle took off positions: the difference between what was owed and what the chain says is.
	pub(super) async fn settle(&mut self) -> Result<(), FollowError> {
		let Some(after) = &self.block.readings.positions else { return Ok(()) };
		let mut differences = BTreeMap::<(InstitutionId, InstitutionId), i128>::new();
		for row in sqlx::query("SELECT low, high, value FROM positions").fetch_all(&mut **self.tx).await? {
			let pair = (self.institution(row.try_get("low")?)?, self.institution(row.try_get("high")?)?);
			*differences.entry(pair).or_default() += i128::from(row.try_get::<i64, _>("value")?);
		}
		for PairPosition { low, high, value } in &after.pairs {
			*differences.entry((*low, *high)).or_default() -= value;
		}
		for ((low, high), taken_off) in differences.into_iter().filter(|(_, value)| *value != 0) {
			let (debtor, creditor) = if taken_off > 0 { (low, high) } else { (high, low) };
			self.changes.owe(low, high, -taken_off);
			sqlx::query("INSERT INTO settlements (block, debtor, creditor, value) VALUES ($1, $2, $3, $4)")
				.bind(self.number)
				.bind(i64::from(debtor))
				.bind(i64::from(creditor))
				.bind(self.whole(taken_off.abs())?)
				.execute(&mut **self.tx)
				.await?;
		}
		let is_settling = if after.is_settling { "1" } else { "0" };
		sqlx::query(
			"INSERT INTO meta (name, value) VALUES ('settling', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		)
		.bind(is_settling)
		.execute(&mut **self.tx)
		.await?;
		self.flush().await
	}

	fn institution(&self, id: i64) -> Result<InstitutionId, FollowError> {
		InstitutionId::try_from(id).map_err(|_| self.contradiction("an institution beyond 32 bits"))
	}
}
