//! What was found against members: paid from reserve and bond, and what is left, a debt that comes first.

use crate::{pallet::*, types::*, weights::WeightInfo};
use frame_support::{
	defensive, ensure,
	storage::with_storage_layer,
	traits::{
		fungible::{Mutate, MutateHold},
		tokens::{Precision, Preservation},
		Get,
	},
	weights::{Weight, WeightMeter},
};
use hanse_primitives::{
	Balance, InstitutionId, JudgementDebts, Liabilities, Members, PartnerPauses, Reserves,
};
use sp_runtime::{DispatchError, DispatchResult};

/// Debtors that one block checks at most.
const MAX_DEBTORS_PER_BLOCK: u32 = 4;

/// What a member has for what is found against it, in settlement micro-units.
struct Means {
	reserve: Balance,
	bond: Balance,
}

impl<T: Config> Pallet<T> {
	/// What a member has for what is found against it: of its reserve what it could draw down, and of both what its
	/// creditors on lines and the holders of its points would not need if it ended now; the minimum reserve stays.
	fn means_of(id: InstitutionId) -> Means {
		let bond = T::Members::bond(id).saturating_sub(BondDebts::<T>::get(id).total());
		if T::Members::ensure_payable(id).is_err() {
			return Means { reserve: Self::available(id, false), bond };
		}
		let (free, outstanding) = (<Self as Reserves>::free_reserve(id), T::Liabilities::outstanding(id));
		let unneeded = |free: Balance| bond.saturating_add(free).saturating_sub(outstanding);
		let beyond = free.saturating_sub(T::Liabilities::least_left(id).reserve);
		let reserve = Self::may_leave(id).max(unneeded(free).min(beyond));
		Means { reserve, bond: unneeded(free.saturating_sub(reserve)).min(bond) }
	}

	/// Pay up to `value` of what was found against `debtor`, in one piece, since an account must have something
	/// to receive a little; returns how much.
	fn pay_judgement(
		debtor: InstitutionId,
		creditor: &T::AccountId,
		value: Balance,
	) -> Result<Balance, DispatchError> {
		let account = T::Members::account(debtor)?;
		let Means { reserve, bond } = Self::means_of(debtor);
		let reserve = reserve.min(value);
		if reserve > 0 {
			T::Currency::release(&HoldReason::Reserve.into(), &account, reserve, Precision::Exact)?;
			Self::count(debtor, |deposit| &mut deposit.judgements_paid, reserve)?;
		}
		let drawn = T::Members::draw_bond(debtor, &account, bond.min(value.saturating_sub(reserve)))?;
		let paid = reserve.saturating_add(drawn);
		if paid > 0 {
			T::Currency::transfer(&account, creditor, paid, Preservation::Expendable)?;
		}
		Ok(paid)
	}

	/// Write down what is left of what was found against `debtor`.
	fn record_arrears(debtor: InstitutionId, to: T::AccountId, left: Balance) -> DispatchResult {
		Arrears::<T>::mutate(debtor, |arrears| {
			arrears.last = arrears.last.saturating_add(1);
			arrears.sum = arrears.sum.saturating_add(left);
			Judgements::<T>::insert(debtor, arrears.last.to_be_bytes(), Judgement { to, value: left });
		});
		// An institution on its way out is beyond being late.
		if T::Members::ensure_payable(debtor).is_ok() && !Overdue::<T>::contains_key(debtor) {
			let since = CurrentCycle::<T>::get().index;
			Overdue::<T>::insert(debtor, OverdueState { since, ..Default::default() });
			T::PartnerPauses::pause(debtor)?;
		}
		Ok(())
	}

	/// Let what some debtors have by now pay what was found against them, each the oldest first.
	pub(crate) fn pay_arrears(meter: &mut WeightMeter) {
		if meter.try_consume(T::DbWeight::get().reads(2)).is_err() {
			return;
		}
		let before = ArrearsCursor::<T>::get();
		let mut last = before;
		for _ in 0..MAX_DEBTORS_PER_BLOCK {
			let mut debtors = match last {
				None => Arrears::<T>::iter_keys(),
				Some(id) => Arrears::<T>::iter_keys_from(Arrears::<T>::hashed_key_for(id)),
			};
			let Some(debtor) = debtors.next() else {
				last = None;
				break;
			};
			if meter.try_consume(T::WeightInfo::pay_arrears()).is_err() {
				break;
			}
			if with_storage_layer(|| Self::pay_oldest(debtor)).is_err() {
				defensive!("what was found against a member could not be looked at", debtor);
			}
			last = Some(debtor);
		}
		if last != before {
			ArrearsCursor::<T>::set(last);
		}
	}

	fn pay_oldest(debtor: InstitutionId) -> DispatchResult {
		let mut arrears = Arrears::<T>::get(debtor);
		let Some((number, Judgement { to, value })) = Judgements::<T>::iter_prefix(debtor).next() else {
			Arrears::<T>::remove(debtor);
			return Ok(());
		};
		let paid = with_storage_layer(|| Self::pay_judgement(debtor, &to, value));
		// What the account cannot receive is not owed.
		let (paid, gone) = paid.map_or((0, value), |paid| (paid, paid));
		if gone == 0 {
			return Ok(());
		}
		match value.saturating_sub(gone) {
			0 => Judgements::<T>::remove(debtor, number),
			left => Judgements::<T>::insert(debtor, number, Judgement { to, value: left }),
		}
		arrears.sum = arrears.sum.saturating_sub(gone);
		match arrears.sum {
			0 => Arrears::<T>::remove(debtor),
			_ => Arrears::<T>::insert(debtor, arrears),
		}
		Self::deposit_event(Event::ArrearsPaid { debtor, value: paid, left: arrears.sum });
		Ok(())
	}
}

impl<T: Config> JudgementDebts<T::AccountId> for Pallet<T> {
	fn owe_judgement(debtor: InstitutionId, creditor: &T::AccountId, value: Balance) -> DispatchResult {
		if value == 0 {
			return Ok(());
		}
		T::Members::account(debtor)?;
		// What fails is that the account would have less than it must.
		let Ok(paid) = with_storage_layer(|| Self::pay_judgement(debtor, creditor, value)) else {
			return Ok(());
		};
		let left = value.saturating_sub(paid);
		if left > 0 {
			Self::record_arrears(debtor, creditor.clone(), left)?;
		}
		let creditor = creditor.clone();
		Self::deposit_event(Event::JudgementOwed { debtor, creditor, value, left });
		Ok(())
	}

	fn owe_refund_by_judgement(
		debtor: InstitutionId,
		creditor: InstitutionId,
		value: Balance,
	) -> DispatchResult {
		if debtor == creditor || value == 0 {
			return Ok(());
		}
		let (payer, payee) = (T::Members::account(debtor)?, T::Members::account(creditor)?);
		let Allocation { set_off, line, money } = Self::allocate(debtor, creditor, value, false);
		Self::reduce_debt(creditor, debtor, set_off);
		let Means { reserve, bond } = Self::means_of(debtor);
		let reserve = reserve.min(money);
		ensure!(reserve.saturating_add(bond) >= money, Error::<T>::ReserveTooSmall);
		if reserve > 0 {
			Self::pay(&payer, &payee, reserve)?;
		}
		if money > reserve {
			Self::draw_bond(debtor, creditor, money - reserve)?;
		}
		Self::deposit_event(Event::ObligationSettled { debtor, creditor, value, set_off, line });
		Self::record_refund(creditor, debtor, value)
	}

	fn weight(debtor: InstitutionId) -> Weight {
		match Overdue::<T>::contains_key(debtor) {
			true => Weight::zero(),
			false => T::WeightInfo::fall_overdue(),
		}
	}
}
