//! One function per invariant of the module's docs, in their order.

use crate::{math, pallet::*, types::*};
use alloc::{
	collections::{btree_map::BTreeMap, btree_set::BTreeSet},
	vec::Vec,
};
use frame_support::ensure;
use hanse_primitives::{program_of, Clearing, Encumbrance, Eras, InstitutionId, Money, PointsLedger};
use sp_runtime::{traits::EnsureAddAssign, TryRuntimeError};

type Encumbrances = BTreeMap<InstitutionId, Encumbrance>;
/// The largest face value of a smallest unit, in micro-units.
const MAX_FACE_VALUE: Money = 10_000;

impl<T: Config> Pallet<T> {
	/// Check every invariant of this pallet.
	pub fn do_try_state() -> Result<(), TryRuntimeError> {
		Self::invariant_1_parts_paid_the_price()?;
		Self::invariant_2_what_was_refunded()?;
		let (expected, actual) = (Self::expected_claims()?, Self::claims());
		for id in expected.keys().chain(actual.keys()) {
			let of = |claims: &Encumbrances| claims.get(id).copied().unwrap_or_default();
			let (expected, actual) = (of(&expected), of(&actual));
			Self::invariant_3_interchange_that_is_accrued(expected, actual)?;
			Self::invariant_4_what_is_earmarked(expected, actual)?;
		}
		Self::invariant_5_authorisations_end_once()?;
		Self::invariant_6_what_is_authorised()?;
		Self::invariant_7_receipts_are_listed_once()
	}

	fn invariant_1_parts_paid_the_price() -> Result<(), TryRuntimeError> {
		for receipt in Receipts::<T>::iter_values() {
			let mut paid: Money = 0;
			for part in &receipt.parts {
				paid.ensure_add_assign(part.burn.value)?;
			}
			ensure!(paid == receipt.price, "what a receipt's points paid is not its price");
			ensure!(receipt.price > 0 || receipt.authorised, "a receipt of nothing");
		}
		Ok(())
	}

	fn invariant_2_what_was_refunded() -> Result<(), TryRuntimeError> {
		for receipt in Receipts::<T>::iter_values() {
			ensure!(receipt.refunded <= receipt.price, "more than its price was refunded of a receipt");
			for part in &receipt.parts {
				let OneCapture { price, refunded } = receipt.of_capture(part.capture, receipt.refunded)?;
				let returned = math::share(part.burn.points, refunded, price);
				ensure!(part.returned == returned, "what came back is not its share of what was refunded");
				ensure!(part.released <= part.interchange, "more interchange was released than taken");
				ensure!(part.carried < MAX_FACE_VALUE, "what is carried is worth a smallest unit");
			}
		}
		Ok(())
	}

	fn invariant_3_interchange_that_is_accrued(
		expected: Encumbrance,
		actual: Encumbrance,
	) -> Result<(), TryRuntimeError> {
		ensure!(expected.accrued == actual.accrued, "accrued interchange is not that of open payments");
		Ok(())
	}

	fn invariant_4_what_is_earmarked(
		expected: Encumbrance,
		actual: Encumbrance,
	) -> Result<(), TryRuntimeError> {
		let kept = |claim: Encumbrance| (claim.earmarked, claim.on_lines + claim.from_lines);
		ensure!(kept(expected) == kept(actual), "earmarks are not those of authorisations");
		Ok(())
	}

	/// What clearing says that reserves are kept for.
	fn claims() -> Encumbrances {
		T::Clearing::encumbrances().into_iter().collect()
	}

	/// What open payments say that reserves are kept for.
	fn expected_claims() -> Result<Encumbrances, TryRuntimeError> {
		let mut expected = Encumbrances::new();
		for (key, receipt) in Receipts::<T>::iter() {
			for part in &receipt.parts {
				let issuer = T::Points::issuer(program_of(part.burn.asset))?;
				ensure!(issuer != key.merchant || part.interchange == 0, "interchange of a payment at home");
				expected.entry(issuer).or_default().accrued.ensure_add_assign(part.accrued()?)?;
			}
		}
		for authorisation in Authorisations::<T>::iter_values() {
			for kept in &authorisation.earmarks {
				let claim = expected.entry(kept.issuer).or_default();
				claim.accrued.ensure_add_assign(kept.interchange)?;
				claim.earmarked.ensure_add_assign(kept.earmark.reserve)?;
				claim.on_lines.ensure_add_assign(kept.earmark.line)?;
			}
		}
		Ok(expected)
	}

	fn invariant_5_authorisations_end_once() -> Result<(), TryRuntimeError> {
		let mut open: Vec<_> =
			Authorisations::<T>::iter().map(|(key, a)| (a.deadline.to_be_bytes(), key)).collect();
		let mut ahead: Vec<_> = AuthorisationDeadlines::<T>::iter_keys().collect();
		open.sort();
		ahead.sort();
		ensure!(open == ahead, "the deadlines are not those of the authorisations");
		let mut growing = 0;
		for (key, receipt) in Receipts::<T>::iter().filter(|(_, receipt)| receipt.authorised) {
			let captured = Authorisations::<T>::get(&key).map(|authorisation| authorisation.captured);
			ensure!(captured == Some(receipt.price), "a receipt is not what was captured");
			growing += 1;
		}
		ensure!(growing == open.len(), "an authorisation has no receipt");
		Ok(())
	}

	fn invariant_6_what_is_authorised() -> Result<(), TryRuntimeError> {
		let mut expected = BTreeMap::<InstitutionId, Money>::new();
		for authorisation in Authorisations::<T>::iter_values() {
			for (held, points) in
				authorisation.left(Taken { captured: authorisation.captured, in_the_end: true })
			{
				let issuer = T::Points::issuer(program_of(held.burn.asset))?;
				expected.entry(issuer).or_default().ensure_add_assign(held.face_value_of(points))?;
			}
		}
		expected.retain(|_, value| *value > 0);
		let counted: BTreeMap<_, _> = T::Points::authorised().into_iter().collect();
		ensure!(expected == counted, "what is authorised is not that of authorisations");
		Ok(())
	}

	fn invariant_7_receipts_are_listed_once() -> Result<(), TryRuntimeError> {
		let mut listed = BTreeSet::new();
		for (closes, _, keys) in ReceiptClosings::<T>::iter() {
			ensure!(!keys.is_empty(), "a page of the list is empty");
			for key in keys {
				let receipt = Receipts::<T>::get(&key).ok_or("a receipt is gone before its time")?;
				let is_closing = receipt.closes.to_be_bytes() == closes && !receipt.authorised;
				ensure!(is_closing, "a receipt is listed that does not close then");
				ensure!(listed.insert(key), "a receipt is listed twice");
			}
		}
		for key in KeptReceipts::<T>::iter_keys() {
			let receipt = Receipts::<T>::get(&key).ok_or("a kept receipt is gone")?;
			ensure!(receipt.disputed && !receipt.authorised, "a receipt has left the list that is not kept");
			ensure!(listed.insert(key), "a kept receipt is listed");
		}
		let mut closing = 0;
		for receipt in Receipts::<T>::iter_values() {
			ensure!(receipt.paid <= T::Eras::current(), "a receipt of an era that has not begun");
			closing += usize::from(!receipt.authorised);
		}
		ensure!(listed.len() == closing, "a receipt would stay for ever");
		Ok(())
	}
}
