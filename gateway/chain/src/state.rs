//! What no event says, read from the state after a block: what was taken off positions at the end of a cycle, and
//! which pending points went to the account that took a lost one's place.

use crate::{AccountId, AssetId, BlockError, Blocks, FinalBlock, InstitutionId, hanse, ledger::entries};
use hanse::runtime_types::pallet_clearing::types::{Position, SettlementStage};

/// What was read beside the events, because an event said that it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
	/// All positions, after a block in which the end of a cycle took something off them.
	pub positions: Option<Positions>,
	/// What is still pending for accounts of which something was moved to others.
	pub pending: Vec<PendingOf>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Positions {
	/// Whether blocks after this one take more off them.
	pub is_settling: bool,
	/// In the order of their pairs; none is zero.
	pub pairs: Vec<PairPosition>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairPosition {
	pub low: InstitutionId,
	pub high: InstitutionId,
	/// Micro-units; positive if `low` owes.
	pub value: i128,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingOf {
	pub account: AccountId,
	/// Smallest units by vintage, in the order of the vintages.
	pub vintages: Vec<(AssetId, u128)>,
}

impl Blocks {
	/// Reads what the events of `block` say must be read; all positions anyway if the block before was `settling`.
	pub async fn read_state(&self, block: &mut FinalBlock, settling: bool) -> Result<(), BlockError> {
		let has_settled = block.events.iter().any(|event| {
			matches!(event.event, Some(hanse::Event::Clearing(hanse::clearing::Event::CycleSettled { .. })))
		});
		if (settling || has_settled) && block.readings.positions.is_none() {
			block.readings.positions = Some(self.positions(block.number, block.hash).await?);
		}
		if !block.readings.pending.is_empty() {
			return Ok(());
		}
		let moved = block.events.iter().filter_map(|event| match &event.event {
			Some(hanse::Event::Customers(hanse::customers::Event::HoldingsMoved { old, .. })) => {
				Some(AccountId(old.0))
			},
			_ => None,
		});
		for account in moved.collect::<std::collections::BTreeSet<_>>() {
			let vintages = self.pending_of(block.number, block.hash, account).await?;
			block.readings.pending.push(PendingOf { account, vintages });
		}
		Ok(())
	}

	/// All positions after a block.
	pub async fn positions(&self, number: u64, hash: [u8; 32]) -> Result<Positions, BlockError> {
		let at = self.at(number, hash).await?;
		let unreadable = |error: subxt::Error| BlockError::Unreadable(number, error.to_string());
		let cycle = at.storage().fetch(hanse::storage().clearing().current_cycle(), ()).await;
		let cycle = cycle.map_err(|error| unreadable(error.into()))?;
		let cycle = cycle.decode().map_err(|error| unreadable(error.into()))?;
		let found = entries(&at, hanse::storage().clearing().positions()).await.map_err(unreadable)?;
		let mut pairs = Vec::with_capacity(found.len());
		for (((low, high),), Position { low_owes, debts }) in found {
			let owed = debts.0.iter().map(|debt| debt.value as i128).sum::<i128>();
			pairs.push(PairPosition { low, high, value: if low_owes { owed } else { -owed } });
		}
		pairs.sort_by_key(|pair| (pair.low, pair.high));
		Ok(Positions { is_settling: cycle.stage != SettlementStage::Idle, pairs })
	}

	/// What is pending for an account after a block.
	pub async fn pending_of(
		&self,
		number: u64,
		hash: [u8; 32],
		account: AccountId,
	) -> Result<Vec<(AssetId, u128)>, BlockError> {
		let at = self.at(number, hash).await?;
		let pending = hanse::storage().points().pending_of();
		let read = async {
			let mut found = at.storage().iter(pending, (account.into(),)).await?;
			let mut vintages = Vec::new();
			while let Some(entry) = found.next().await {
				let entry = entry?;
				let (_, asset) = entry.key()?.decode()?;
				vintages.push((asset, entry.value().decode()?));
			}
			vintages.sort_unstable();
			Ok(vintages)
		};
		read.await.map_err(|error: subxt::Error| BlockError::Unreadable(number, error.to_string()))
	}
}
