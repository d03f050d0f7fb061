//! One function per invariant of the module's docs, in their order.

use crate::{math, pallet::*, Key, Receipt};
use alloc::{collections::btree_map::BTreeMap, vec::Vec};
use frame_support::ensure;
use hanse_primitives::{program_of, Balance, Clearing, Encumbrance, EraIndex, Eras, InstitutionId, Points};
use sp_runtime::TryRuntimeError;

type Claims = BTreeMap<InstitutionId, Encumbrance>;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_parts_paid_the_price()?;
		Self::invariant_2_refunds()?;
		let (expected, claims) = Self::claims()?;
		for id in expected.keys().chain(claims.keys()) {
			let (expected, claim) =
				(expected.get(id).copied().unwrap_or_default(), claims.get(id).copied().unwrap_or_default());
			// Invariant 3.
			ensure!(expected.accrued == claim.accrued, "accrued interchange is not that of open payments");
			// Invariant 4.
			let kept = |claim: Encumbrance| (claim.earmarked, claim.on_lines);
			ensure!(kept(expected) == kept(claim), "earmarks are not those of authorisations");
		}
		Self::invariant_5_deadlines()?;
		Self::invariant_6_no_receipt_of_the_future()?;
		Self::invariant_7_what_is_set_aside()
	}

	/// All receipts, those that are set aside too.
	fn all_receipts() -> impl Iterator<Item = (Key<T::AccountId>, Receipt)> {
		Receipts::<T>::iter().chain(KeptReceipts::<T>::iter())
	}

	fn invariant_1_parts_paid_the_price() -> Result<(), TryRuntimeError> {
		for (_, receipt) in Self::all_receipts() {
			let paid: Balance = receipt.parts.iter().map(|part| part.burn.value).sum();
			ensure!(paid == receipt.price, "what a receipt's points paid is not its price");
		}
		Ok(())
	}

	fn invariant_2_refunds() -> Result<(), TryRuntimeError> {
		for (_, receipt) in Self::all_receipts() {
			ensure!(receipt.refunded <= receipt.price, "more than its price was refunded of a receipt");
			for part in &receipt.parts {
				let returned = math::share(part.burn.points, receipt.refunded, receipt.price);
				ensure!(part.returned == returned, "what came back is not its share of what was refunded");
				ensure!(part.released <= part.interchange, "more interchange was released than taken");
			}
		}
		Ok(())
	}

	/// What open payments say that reserves are kept for, and what clearing says.
	fn claims() -> Result<(Claims, Claims), TryRuntimeError> {
		let mut expected = Claims::new();
		for ((_, merchant, ..), receipt) in Self::all_receipts() {
			for part in &receipt.parts {
				let issuer = T::Points::issuer(program_of(part.burn.asset))?;
				ensure!(issuer != merchant || part.interchange == 0, "interchange of a payment at home");
				expected.entry(issuer).or_default().accrued += part.accrued();
			}
		}
		for authorisation in Authorisations::<T>::iter_values() {
			for kept in &authorisation.kept {
				let claim = expected.entry(kept.issuer).or_default();
				claim.accrued += kept.interchange;
				claim.earmarked += kept.earmark.reserve;
				claim.on_lines += kept.earmark.line;
			}
		}
		Ok((expected, T::Clearing::encumbrances().into_iter().collect()))
	}

	fn invariant_5_deadlines() -> Result<(), TryRuntimeError> {
		let mut open: Vec<_> =
			Authorisations::<T>::iter().map(|(key, a)| (a.deadline.to_be_bytes(), key)).collect();
		let mut ahead: Vec<_> = Deadlines::<T>::iter_keys().collect();
		open.sort();
		ahead.sort();
		ensure!(open == ahead, "the deadlines are not those of the authorisations");
		let paid = open.iter().any(|(_, key)| Self::find_receipt(key).is_some());
		ensure!(!paid, "an order is authorised and paid");
		Ok(())
	}

	fn invariant_6_no_receipt_of_the_future() -> Result<(), TryRuntimeError> {
		for ((era, ..), _) in Self::all_receipts() {
			ensure!(
				EraIndex::from_be_bytes(era) <= T::Eras::current(),
				"a receipt of an era that has not begun"
			);
		}
		Ok(())
	}

	fn invariant_7_what_is_set_aside() -> Result<(), TryRuntimeError> {
		for (key, receipt) in KeptReceipts::<T>::iter() {
			ensure!(receipt.kept, "a receipt is set aside that is not kept");
			ensure!(receipt.closes < T::Eras::current(), "a receipt is set aside before its window closed");
			ensure!(!Receipts::<T>::contains_key(&key), "a receipt is in two places");
		}
		Ok(())
	}
}
