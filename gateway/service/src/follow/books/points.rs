//! Vintages and who holds them: what the assets pallet moves, and what the points pallet says about it.

use super::{Books, Flow, Loose, changes::Entry, program_of};
use crate::follow::{FollowError, number};
use hanse::{assets::Event as Assets, points::Event as Points};
use hanse_chain::{AccountId, AssetId, BlockEvent, hanse};

impl Books<'_> {
	pub(super) fn assets(&mut self, event: &BlockEvent, what: &Assets) -> Result<(), FollowError> {
		let (position, extrinsic) = (event.position, event.extrinsic);
		match what {
			Assets::Issued { asset_id: asset, owner, amount } => {
				let (asset, account, points) = (*asset, AccountId(owner.0), super::changes::signed(*amount));
				self.changes.hold(asset, account, points);
				self.loose.push(Loose { position, extrinsic, asset, account, points });
			},
			Assets::Burned { asset_id: asset, owner, balance } => {
				let (asset, account, points) =
					(*asset, AccountId(owner.0), -super::changes::signed(*balance));
				self.changes.hold(asset, account, points);
				self.loose.push(Loose { position, extrinsic, asset, account, points });
			},
			Assets::Transferred { asset_id: asset, from, to, amount } if from != to => {
				let (asset, points) = (*asset, super::changes::signed(*amount));
				let (from, to) = (AccountId(from.0), AccountId(to.0));
				self.changes.hold(asset, from, -points);
				self.changes.hold(asset, to, points);
				self.changes.enter(Entry::new(from, position, "sent").points(asset, -points).other(to));
				self.changes.enter(Entry::new(to, position, "received").points(asset, points).other(from));
			},
			_ => {},
		}
		Ok(())
	}

	pub(super) async fn points(&mut self, event: &BlockEvent, what: &Points) -> Result<(), FollowError> {
		let position = event.position;
		match what {
			Points::ProgramCreated { institution, program, .. } => {
				let terms = event.json.get("terms").map(ToString::to_string).unwrap_or_default();
				sqlx::query(
					"INSERT INTO programs (program, institution, terms, block) VALUES ($1, $2, $3, $4)",
				)
				.bind(i64::from(*program))
				.bind(i64::from(*institution))
				.bind(terms)
				.bind(self.number)
				.execute(&mut **self.tx)
				.await?;
			},
			Points::VintageOpened { program, asset, face_value, expires } => {
				sqlx::query(
					"INSERT INTO vintages (asset, program, face_value, expires, opened, supply, pending) VALUES ($1, $2, $3, $4, $5, 0, 0)",
				)
				.bind(i64::from(*asset))
				.bind(i64::from(*program))
				.bind(i64::from(*face_value))
				.bind(number(*expires)?)
				.bind(self.number)
				.execute(&mut **self.tx)
				.await?;
				self.set_current(*program, *asset).await?;
			},
			Points::VintageProlonged { program, asset, expires } => {
				sqlx::query("UPDATE vintages SET expires = $1 WHERE asset = $2")
					.bind(number(*expires)?)
					.bind(i64::from(*asset))
					.execute(&mut **self.tx)
					.await?;
				self.set_current(*program, *asset).await?;
			},
			Points::ClockResumed { program, stood } => {
				sqlx::query(
					"UPDATE vintages SET expires = expires + $1 WHERE program = $2 AND expired IS NULL",
				)
				.bind(number(*stood)?)
				.bind(i64::from(*program))
				.execute(&mut **self.tx)
				.await?;
			},
			Points::PointsIssued { program, asset, to, amount, order, matures } => {
				let (to, points) = (AccountId(to.0), super::changes::signed(*amount));
				self.changes.flow(*program, Flow::Issued, *amount);
				if matures.is_some() {
					self.changes.pend(*asset, to, points);
					let entry = Entry::new(to, position, "awarded_pending").points(*asset, points);
					self.changes.enter(entry.order(order.0));
				} else {
					self.explain(*asset, Some(to), |entry| entry.order(order.0), "awarded");
				}
			},
			Points::BatchIssued { program, asset, batch, amount, matures, .. } => {
				self.changes.flow(*program, Flow::Issued, *amount);
				self.batch_issued(event, (*program, *asset), batch.0, matures.is_some()).await?;
			},
			Points::PointsMatured { asset, to, amount } => {
				let to = AccountId(to.0);
				self.take_pending(*asset, to, *amount).await?;
				self.explain(*asset, Some(to), |entry| entry, "matured");
			},
			Points::AwardCancelled { program, asset, from, order, amount } => {
				let (from, points) = (AccountId(from.0), super::changes::signed(*amount));
				self.changes.flow(*program, Flow::Cancelled, *amount);
				self.take_pending(*asset, from, *amount).await?;
				let entry = Entry::new(from, position, "cancelled").points(*asset, -points);
				self.changes.enter(entry.order(order.0));
			},
			Points::PointsReinstated { program, asset, to, amount } => {
				self.changes.flow(*program, Flow::Reinstated, *amount);
				if self.is_expiring {
					self.changes.carry(*program, *amount);
				}
				self.explain(*asset, Some(AccountId(to.0)), |entry| entry, "reinstated");
			},
			Points::VintageExpired { program, asset, amount, .. } => {
				self.changes.flow(*program, Flow::Expired, *amount);
				self.expire(*asset, *amount, position).await?;
				self.is_expiring = true;
			},
			_ => {},
		}
		Ok(())
	}

	/// Points of `asset` that came into being just now did so for this reason.
	fn explain(
		&mut self,
		asset: AssetId,
		account: Option<AccountId>,
		more: impl Fn(Entry) -> Entry,
		kind: &'static str,
	) {
		let explained = self.take_loose(|loose| {
			loose.asset == asset && loose.points > 0 && account.is_none_or(|account| account == loose.account)
		});
		for Loose { position, account, points, .. } in explained {
			self.changes.enter(more(Entry::new(account, position, kind).points(asset, points)));
		}
	}

	async fn set_current(&mut self, program: u16, asset: AssetId) -> Result<(), FollowError> {
		sqlx::query("UPDATE programs SET current = $1 WHERE program = $2")
			.bind(i64::from(asset))
			.bind(i64::from(program))
			.execute(&mut **self.tx)
			.await?;
		Ok(())
	}

	/// Nobody has anything of an expired vintage. What the chain says was left of it must be what is left here.
	async fn expire(&mut self, asset: AssetId, amount: u128, position: u32) -> Result<(), FollowError> {
		self.flush().await?;
		let left: Option<i64> =
			sqlx::query_scalar("SELECT supply + pending FROM vintages WHERE asset = $1 AND expired IS NULL")
				.bind(i64::from(asset))
				.fetch_optional(&mut **self.tx)
				.await?;
		let amount = self.whole(super::changes::signed(amount))?;
		if left != Some(amount) {
			return Err(self.contradiction(format!(
				"of vintage {asset} {amount} smallest units expired, and {left:?} were left"
			)));
		}
		sqlx::query(
			"INSERT INTO history (account, block, position, part, time, kind, program, asset, points) SELECT account, $1, $2, 0, $3, 'expired', $4, asset, 0 - amount - pending FROM holdings WHERE asset = $5",
		)
		.bind(self.number)
		.bind(i64::from(position))
		.bind(self.time)
		.bind(i64::from(program_of(asset)))
		.bind(i64::from(asset))
		.execute(&mut **self.tx)
		.await?;
		sqlx::query("DELETE FROM holdings WHERE asset = $1")
			.bind(i64::from(asset))
			.execute(&mut **self.tx)
			.await?;
		sqlx::query(
			"UPDATE vintages SET expired = $1, lapsed = $2, supply = 0, pending = 0 WHERE asset = $3",
		)
		.bind(self.number)
		.bind(amount)
		.bind(i64::from(asset))
		.execute(&mut **self.tx)
		.await?;
		Ok(())
	}
}
