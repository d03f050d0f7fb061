//! Programs, issuing, giving, and what neighbours use.

use crate::{math, pallet::*, types::*};
use alloc::{format, string::String, vec::Vec};
use frame_support::{
	ensure,
	traits::{
		fungibles::{metadata::Mutate as MetadataMutate, Create, Inspect, Mutate},
		tokens::{Fortitude, Precision, Preservation},
		Get, Time,
	},
};
use hanse_primitives::{
	asset_id, program_of, AssetId, Backing, Balance, Burn, Burned, Clock, Customers, Halts, InstitutionId,
	Liabilities, Members, Moment, Names, PointsLedger, ProgramId, Reading, Reserves, Venue,
};
use sp_runtime::{traits::AccountIdConversion, ArithmeticError, DispatchError, DispatchResult, Perquintill};

/// How many periods the points of a program may live on after their own.
const MAX_PERIODS_VALID: u64 = 6;
/// The largest face value in micro-units: a smallest unit is worth a hundredth of a settlement unit.
const MAX_FACE_VALUE: u32 = 10_000;
/// The most decimals of points: those of the settlement unit.
const MAX_DECIMALS: u8 = 6;

/// Points that are being made.
pub(crate) struct Minting<'a, T: Config> {
	/// Who gets what, and all of it.
	pub shares: Vec<Share<T::AccountId>>,
	pub total: Balance,
	/// The program, which may open a vintage.
	pub program: &'a mut Program,
}

/// Where points were made: their vintage, and where they are held back if they are.
#[derive(Clone, Copy)]
pub(crate) struct MadeIn {
	pub asset: AssetId,
	pub held: Option<Held>,
}

/// Points that cannot be used yet: until when, and the number of their batch.
#[derive(Clone, Copy)]
pub(crate) struct Held {
	pub matures: Moment,
	pub batch: u64,
}

impl<T: Config> Pallet<T> {
	/// The account that owns the assets of all vintages.
	pub fn account_id() -> T::AccountId {
		T::PalletId::get().into_account_truncating()
	}

	pub(crate) fn do_create_program(issuer: InstitutionId, label: Label, terms: Terms) -> DispatchResult {
		T::Members::ensure_active(issuer)?;
		Self::ensure_valid(&terms)?;
		let id = LastProgram::<T>::get().checked_add(1).ok_or(Error::<T>::MaxProgramsExceeded)?;
		ProgramsOf::<T>::try_mutate(issuer, |programs| programs.try_push(id))
			.map_err(|_| Error::<T>::MaxProgramsExceeded)?;
		for reading in label.readings() {
			let is_free = <Self as Names>::owner(&reading).is_none()
				&& T::Members::owner(&reading).is_none_or(|owner| owner == issuer);
			ensure!(is_free, Error::<T>::NameTaken);
			ProgramNamed::<T>::insert(reading, id);
		}
		LastProgram::<T>::put(id);
		Labels::<T>::insert(id, label);
		let created = T::Time::now();
		let program = Program {
			issuer,
			terms,
			revision: None,
			created,
			started: created,
			stopped: None,
			rate: None,
			opened: 0,
			vintages: Default::default(),
		};
		Periods::<T>::insert((program.period_end(created).to_be_bytes(), id.to_be_bytes()), ());
		Programs::<T>::insert(id, program);
		Self::deposit_event(Event::ProgramCreated { institution: issuer, program: id, terms });
		Ok(())
	}

	pub(crate) fn do_revise_terms(issuer: InstitutionId, id: ProgramId, new: Terms) -> DispatchResult {
		T::Members::ensure_active(issuer)?;
		let mut program = Self::own(issuer, id)?;
		Self::ensure_valid(&new)?;
		let now = T::Time::now();
		program.take_up_revision(now);
		ensure!(new.decimals == program.terms.decimals, Error::<T>::InvalidDecimals);
		ensure!(new.period.is_named_as(program.terms.period), Error::<T>::InvalidPeriod);
		let (old, from) = (program.terms, program.period_end(now));
		program.revision = Some(Revision { terms: new, from });
		Programs::<T>::insert(id, program);
		Self::deposit_event(Event::TermsRevised { program: id, old, new, from });
		Ok(())
	}

	/// Whether an institution owes nothing to anybody any more.
	pub(crate) fn is_gone(issuer: InstitutionId) -> bool {
		T::Members::account(issuer).map(|account| T::Members::id_of(&account)) != Ok(Some(issuer))
	}

	fn ensure_valid(terms: &Terms) -> DispatchResult {
		ensure!((1..=MAX_FACE_VALUE).contains(&terms.face_value), Error::<T>::InvalidFaceValue);
		ensure!(terms.decimals <= MAX_DECIMALS, Error::<T>::InvalidDecimals);
		ensure!(terms.period.is_valid(), Error::<T>::InvalidPeriod);
		let period = terms.period.shortest();
		ensure!(period >= T::MinPeriod::get(), Error::<T>::PeriodTooShort);
		let longest = period.saturating_mul(MAX_PERIODS_VALID).min(T::MaxValidity::get());
		ensure!((1..=longest).contains(&terms.validity), Error::<T>::InvalidValidity);
		let longest = T::MaxPending::get().min(terms.validity / 2);
		ensure!(terms.pending <= longest, Error::<T>::InvalidPending);
		Ok(())
	}

	/// The program of `id`, which must be `issuer`'s.
	pub(crate) fn own(issuer: InstitutionId, id: ProgramId) -> Result<Program, DispatchError> {
		let program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		ensure!(program.issuer == issuer, Error::<T>::NotIssuer);
		Ok(program)
	}

	/// Count what an institution issued, which has grown what it owes from `before` to what it owes now.
	pub(crate) fn count_growth(issuer: InstitutionId, before: Balance) -> DispatchResult {
		let (now, share, floor) = (T::Time::now(), T::Growth::get(), T::GrowthFloor::get());
		let Growth { issued, at } = GrowthOf::<T>::get(issuer);
		let daily = math::daily(before, issued, share, floor);
		let issued = math::worn_off(issued, daily, now.saturating_sub(at));
		let most = math::daily(before, issued, share, floor);
		let value = Outstanding::<T>::get(issuer).saturating_sub(before);
		let issued = issued.checked_add(value).ok_or(ArithmeticError::Overflow)?;
		ensure!(issued <= most, Error::<T>::OverDailyGrowth);
		GrowthOf::<T>::insert(issuer, Growth { issued, at: now });
		Ok(())
	}

	/// Make points within the issuer's liability cap and above its minimum reserve: minted at once, or
	/// pending if the terms say so.
	pub(crate) fn mint(id: ProgramId, minting: Minting<T>) -> Result<MadeIn, DispatchError> {
		let Minting { shares, total, program } = minting;
		let vintage = Self::current_vintage(id, program)?;
		let value = math::value_of(total, vintage.face_value).ok_or(Error::<T>::OverLiabilityCap)?;
		let issuer = program.issuer;
		let outstanding =
			Outstanding::<T>::get(issuer).checked_add(value).ok_or(Error::<T>::OverLiabilityCap)?;
		let bond = T::Members::bond(issuer).saturating_sub(T::Clearing::debt(issuer));
		Self::ensure_covered(outstanding, bond, T::Clearing::free_reserve(issuer))?;
		Outstanding::<T>::insert(issuer, outstanding);
		MadeOf::<T>::try_mutate(issuer, |made| Self::grow(&mut made.made, value))?;

		if program.terms.pending > 0 {
			let matures = T::Clock::now().saturating_add(program.terms.pending);
			let batch = Self::hold_back(matures, vintage.asset, shares, total)?;
			return Ok(MadeIn { asset: vintage.asset, held: Some(Held { matures, batch }) });
		}
		for Share { to, amount, .. } in shares {
			T::Assets::mint_into(vintage.asset, &to, amount)?;
		}
		Ok(MadeIn { asset: vintage.asset, held: None })
	}

	/// The vintage of the period that runs now; opened if these are its first points.
	fn current_vintage(id: ProgramId, program: &mut Program) -> Result<Vintage, DispatchError> {
		let now = T::Time::now();
		program.take_up_revision(now);
		let closes = program.period_end(now);
		if let Some(vintage) = program.vintages.iter().find(|vintage| vintage.closes == closes) {
			return Ok(*vintage);
		}
		if program.vintages.is_full() {
			return Self::prolong_newest(id, program, closes);
		}
		let sequence = u16::try_from(program.opened).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		let asset = asset_id(id, sequence);
		let Terms { face_value, period, decimals, .. } = program.terms;
		let vintage = Vintage {
			asset,
			face_value,
			closes,
			expires: program.expiry(closes.saturating_sub(now), T::Clock::now()),
		};
		// Revised terms can have a shorter validity, so the place need not be the last.
		let place = program.vintages.partition_point(|other| other.expires <= vintage.expires);
		program.vintages.try_insert(place, vintage).map_err(|_| Error::<T>::MaxVintagesExceeded)?;
		program.opened += 1;

		let owner = Self::account_id();
		T::Assets::create(asset, owner.clone(), true, 1)?;
		let label = Labels::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		let when = period.label(closes, program.opened);
		let called = |text: &[u8], separator| {
			format!("{}{separator}{when}", String::from_utf8_lossy(text)).into_bytes()
		};
		let (name, symbol) = (called(&label.name, ' '), called(&label.symbol, '-'));
		T::Assets::set(asset, &owner, name, symbol, decimals)?;

		// While the clock stands nothing is on the agenda.
		if program.stopped.is_none() {
			Agenda::<T>::insert(Self::place_on_agenda(&vintage), ());
		}
		Programs::<T>::insert(id, &*program);
		let expires = T::Clock::wall(vintage.expires);
		Self::deposit_event(Event::VintageOpened { program: id, asset, face_value, expires });
		Ok(vintage)
	}

	/// Let the points of a period whose vintage has no place go into that of the period before, and all of it
	/// expire as late as they do: places are taken for longer than they should be only if the clock stood.
	fn prolong_newest(
		id: ProgramId,
		program: &mut Program,
		closes: Moment,
	) -> Result<Vintage, DispatchError> {
		let now = T::Clock::now();
		let (face_value, clock, expires) = (
			program.terms.face_value,
			program.clock(now),
			program.expiry(closes.saturating_sub(T::Time::now()), now),
		);
		let runs = program.stopped.is_none();
		let newest = program.vintages.iter_mut().max_by_key(|vintage| vintage.closes);
		let newest = newest
			.filter(|vintage| vintage.face_value == face_value && vintage.expires > clock)
			.ok_or(Error::<T>::MaxVintagesExceeded)?;
		if runs {
			Agenda::<T>::remove(Self::place_on_agenda(newest));
		}
		newest.closes = closes;
		newest.expires = newest.expires.max(expires);
		let vintage = *newest;
		if runs {
			Agenda::<T>::insert(Self::place_on_agenda(&vintage), ());
		}
		program.vintages.sort_by_key(|vintage| (vintage.expires, vintage.asset));
		Programs::<T>::insert(id, &*program);
		Self::deposit_event(Event::VintageProlonged {
			program: id,
			asset: vintage.asset,
			expires: T::Clock::wall(vintage.expires),
		});
		Ok(vintage)
	}

	pub(crate) fn do_donate(
		from: T::AccountId,
		id: ProgramId,
		to: T::AccountId,
		amount: Balance,
	) -> Result<u32, DispatchError> {
		ensure!(amount > 0, Error::<T>::ZeroAmount);
		let (given, vintages) = Self::give(&from, id, &T::Customers::heir(&to), amount)?;
		ensure!(given == amount, Error::<T>::PointsTooFew);
		Ok(vintages)
	}

	pub(crate) fn do_donate_all(
		from: T::AccountId,
		programs: &[ProgramId],
		to: T::AccountId,
	) -> Result<u32, DispatchError> {
		let (to, mut vintages) = (T::Customers::heir(&to), 0);
		for id in programs {
			vintages += Self::give(&from, *id, &to, Balance::MAX)?.1;
		}
		ensure!(vintages > 0, Error::<T>::PointsTooFew);
		Ok(vintages)
	}

	/// Give up to `amount` smallest units, those that expire first first; returns how many, and of how many
	/// vintages.
	fn give(
		from: &T::AccountId,
		id: ProgramId,
		to: &T::AccountId,
		amount: Balance,
	) -> Result<(Balance, u32), DispatchError> {
		let program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		T::Halts::ensure_may_leave(from, id)?;
		let (mut given, mut vintages) = (0, 0);
		for vintage in program.unexpired(T::Clock::now()) {
			if given == amount {
				break;
			}
			let points = Self::spendable(from, vintage).min(amount - given);
			if points > 0 {
				T::Assets::transfer(vintage.asset, from, to, points, Preservation::Expendable)?;
				given += points;
				vintages += 1;
			}
		}
		if given > 0 {
			let (from, to) = (from.clone(), to.clone());
			Self::deposit_event(Event::PointsDonated { program: id, from, to, amount: given });
		}
		Ok((given, vintages))
	}

	/// Mint points of an open vintage that were spent before, or carried into it.
	pub(crate) fn mint_again(
		to: &T::AccountId,
		issuer: InstitutionId,
		vintage: &Vintage,
		points: Balance,
	) -> DispatchResult {
		if points == 0 {
			return Ok(());
		}
		let (asset, id) = (vintage.asset, program_of(vintage.asset));
		let value = math::value_of(points, vintage.face_value).ok_or(ArithmeticError::Overflow)?;
		Outstanding::<T>::try_mutate(issuer, |outstanding| Self::grow(outstanding, value))?;
		MadeOf::<T>::try_mutate(issuer, |made| Self::grow(&mut made.made, value))?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.reinstated, points))?;
		let to = T::Customers::heir(to);
		T::Assets::mint_into(asset, &to, points)?;
		Self::deposit_event(Event::PointsReinstated { program: id, asset, to, amount: points });
		Ok(())
	}

	/// What an account can use of a vintage now.
	pub(crate) fn spendable(account: &T::AccountId, vintage: &Vintage) -> Balance {
		T::Assets::reducible_balance(vintage.asset, account, Preservation::Expendable, Fortitude::Polite)
	}

	/// Fails by name unless bond and reserve are enough for `outstanding`.
	fn ensure_covered(outstanding: Balance, bond: Balance, reserve: Balance) -> DispatchResult {
		let cap = math::liability_cap(bond.saturating_add(reserve), T::LiabilityRatio::get());
		ensure!(outstanding <= cap, Error::<T>::OverLiabilityCap);
		let least = math::minimum_reserve(outstanding, T::ReserveRatio::get());
		ensure!(reserve >= least, Error::<T>::BelowMinimumReserve);
		Ok(())
	}

	/// The part of their face value that an institution's points pay.
	fn rate_of(id: InstitutionId) -> Perquintill {
		let rate = ProgramsOf::<T>::get(id).first().and_then(|first| Programs::<T>::get(first)?.rate);
		rate.unwrap_or(Perquintill::one())
	}

	/// What an institution owes, or may come to owe when what was authorised is given back, beyond what is kept of
	/// its reserve for that.
	fn exposed(id: InstitutionId) -> Balance {
		let kept = Authorised::<T>::get(id).min(T::Clearing::earmarked(id));
		Outstanding::<T>::get(id).saturating_sub(kept)
	}

	/// An institution owes `value` less, since points lapsed.
	pub(crate) fn lapse(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Outstanding::<T>::try_mutate(issuer, |outstanding| Self::shrink(outstanding, value))?;
		MadeOf::<T>::try_mutate(issuer, |made| Self::grow(&mut made.lapsed, value))
	}

	pub(crate) fn grow(counter: &mut Balance, by: Balance) -> DispatchResult {
		*counter = counter.checked_add(by).ok_or(ArithmeticError::Overflow)?;
		Ok(())
	}

	pub(crate) fn shrink(counter: &mut Balance, by: Balance) -> DispatchResult {
		*counter = counter.checked_sub(by).ok_or(ArithmeticError::Underflow)?;
		Ok(())
	}
}

impl<T: Config> PointsLedger<T::AccountId> for Pallet<T> {
	fn burn(
		from: &T::AccountId,
		id: ProgramId,
		max_points: Balance,
		max_value: Balance,
		venue: Venue,
		lasting: Moment,
	) -> Result<Burned, DispatchError> {
		let program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		T::Halts::ensure_may_leave(from, id)?;
		let rate = program.rate();
		let (mut points_left, mut value_left, mut face_value) = (max_points, max_value, 0);
		let mut burns = Vec::new();
		for vintage in program.unexpired_for(lasting, T::Clock::now()) {
			if points_left == 0 || value_left == 0 {
				break;
			}
			let points = Self::spendable(from, vintage).min(points_left).min(math::points_to_cover(
				value_left,
				vintage.face_value,
				rate,
			));
			let value = math::pays(points, vintage.face_value, rate).ok_or(ArithmeticError::Overflow)?;
			// Nobody gives points for nothing.
			if value == 0 {
				continue;
			}
			T::Assets::burn_from(
				vintage.asset,
				from,
				points,
				Preservation::Expendable,
				Precision::Exact,
				Fortitude::Polite,
			)?;
			let face = math::value_of(points, vintage.face_value).ok_or(ArithmeticError::Overflow)?;
			Self::grow(&mut face_value, face)?;
			burns.push(Burn { asset: vintage.asset, points, value });
			points_left -= points;
			value_left = value_left.saturating_sub(value);
		}

		Outstanding::<T>::try_mutate(program.issuer, |outstanding| Self::shrink(outstanding, face_value))?;
		FlowsOf::<T>::try_mutate(id, |flows| {
			let counter = match venue {
				Venue::Merchant(merchant) if merchant == program.issuer => &mut flows.redeemed_at_home,
				Venue::Merchant(_) => &mut flows.redeemed_at_partners,
				Venue::Exchange => &mut flows.exchanged_out,
			};
			Self::grow(counter, max_points - points_left)
		})?;
		Ok(Burned { issuer: program.issuer, burns })
	}

	fn reinstate(to: &T::AccountId, asset: AssetId, points: Balance) -> DispatchResult {
		let program = Programs::<T>::get(program_of(asset)).ok_or(Error::<T>::NotFound)?;
		let vintage = program.find(asset, T::Clock::now()).ok_or(Error::<T>::NotOpen)?;
		Self::mint_again(to, program.issuer, vintage, points)
	}

	fn reinstate_value(to: &T::AccountId, asset: AssetId, value: Balance) -> Result<Balance, DispatchError> {
		let program = Programs::<T>::get(program_of(asset)).ok_or(Error::<T>::NotFound)?;
		let vintage = program.find(asset, T::Clock::now()).ok_or(Error::<T>::NotOpen)?;
		let points = math::points_for(value, vintage.face_value);
		Self::mint_again(to, program.issuer, vintage, points)?;
		Ok(points)
	}

	fn authorise(asset: AssetId, points: Balance) -> Result<Balance, DispatchError> {
		let program = Programs::<T>::get(program_of(asset)).ok_or(Error::<T>::NotFound)?;
		let vintage = program.find(asset, T::Clock::now()).ok_or(Error::<T>::NotOpen)?;
		let value = math::value_of(points, vintage.face_value).ok_or(ArithmeticError::Overflow)?;
		Authorised::<T>::try_mutate(program.issuer, |authorised| Self::grow(authorised, value))?;
		Outstanding::<T>::try_mutate(program.issuer, |outstanding| Self::grow(outstanding, value))?;
		Ok(value)
	}

	fn unauthorise(issuer: InstitutionId, value: Balance) -> DispatchResult {
		Authorised::<T>::try_mutate_exists(issuer, |slot| {
			let mut authorised = slot.unwrap_or_default();
			Self::shrink(&mut authorised, value)?;
			*slot = (authorised > 0).then_some(authorised);
			Ok::<_, DispatchError>(())
		})?;
		Outstanding::<T>::try_mutate(issuer, |outstanding| Self::shrink(outstanding, value))
	}

	fn authorised() -> Vec<(InstitutionId, Balance)> {
		Authorised::<T>::iter().collect()
	}

	fn returns_to(asset: AssetId) -> Option<AssetId> {
		let program = Programs::<T>::get(program_of(asset))?;
		if program.rate.is_some() || Self::is_gone(program.issuer) {
			return None;
		}
		let now = T::Clock::now();
		let place = program.find(asset, now).or_else(|| program.unexpired(now).next());
		place.map(|vintage| vintage.asset)
	}

	fn vintage_of(issuer: InstitutionId) -> Result<Option<AssetId>, DispatchError> {
		let (programs, now) = (ProgramsOf::<T>::get(issuer), T::Clock::now());
		let first = |id: &ProgramId| Programs::<T>::get(id)?.unexpired(now).next().map(|v| v.asset);
		if let Some(asset) = programs.iter().find_map(first) {
			return Ok(Some(asset));
		}
		let Some(id) = programs.first() else { return Ok(None) };
		let mut program = Self::own(issuer, *id)?;
		Self::current_vintage(*id, &mut program).map(|vintage| Some(vintage.asset))
	}

	fn issuer(program: ProgramId) -> Result<InstitutionId, DispatchError> {
		Programs::<T>::get(program).map(|program| program.issuer).ok_or_else(|| Error::<T>::NotFound.into())
	}

	fn open_vintage(asset: AssetId) -> Option<(InstitutionId, u32)> {
		let program = Programs::<T>::get(program_of(asset))?;
		program.find(asset, T::Clock::now()).map(|vintage| (program.issuer, vintage.face_value))
	}

	fn worth(account: &T::AccountId, id: ProgramId, max_points: Balance) -> Balance {
		let Some(program) = Programs::<T>::get(id) else { return 0 };
		let (mut left, mut worth) = (max_points, 0);
		for vintage in program.unexpired(T::Clock::now()) {
			let points = Self::spendable(account, vintage).min(left);
			let value = math::pays(points, vintage.face_value, program.rate()).unwrap_or(Balance::MAX);
			worth = Balance::saturating_add(worth, value);
			left -= points;
		}
		worth
	}

	fn exchange_in(to: &T::AccountId, id: ProgramId, value: Balance) -> Result<Balance, DispatchError> {
		let mut program = Programs::<T>::get(id).ok_or(Error::<T>::NotFound)?;
		Self::ensure_may_make(program.issuer, id)?;
		program.take_up_revision(T::Time::now());
		let total = math::points_for(value, program.terms.face_value);
		ensure!(total > 0, Error::<T>::ZeroAmount);
		// No order stands behind it, so nobody takes it back.
		let shares = [Share { to: T::Customers::heir(to), amount: total, cancelled: 0 }].to_vec();
		Self::mint(id, Minting { shares, total, program: &mut program })?;
		FlowsOf::<T>::try_mutate(id, |flows| Self::grow(&mut flows.exchanged_in, total))?;
		Ok(total)
	}
}

impl<T: Config> Names for Pallet<T> {
	fn owner(reading: &Reading) -> Option<InstitutionId> {
		let issuer = Programs::<T>::get(ProgramNamed::<T>::get(reading)?)?.issuer;
		(!Self::is_gone(issuer)).then_some(issuer)
	}
}

impl<T: Config> Liabilities for Pallet<T> {
	fn least_backing(id: InstitutionId) -> Backing {
		let outstanding = Outstanding::<T>::get(id);
		Backing {
			all: math::least_backing(outstanding, T::LiabilityRatio::get()),
			reserve: math::minimum_reserve(outstanding, T::ReserveRatio::get()),
		}
	}

	fn ensure_backed(id: InstitutionId, bond: Balance, reserve: Balance) -> DispatchResult {
		Self::ensure_covered(Outstanding::<T>::get(id), bond, reserve)
	}

	fn outstanding(id: InstitutionId) -> Balance {
		Outstanding::<T>::get(id)
	}

	fn redeemable(id: InstitutionId) -> Balance {
		let minted = Outstanding::<T>::get(id).saturating_sub(Authorised::<T>::get(id));
		math::covers(minted, Self::rate_of(id))
	}

	fn payable(id: InstitutionId) -> Balance {
		math::covers(Self::exposed(id), Self::rate_of(id))
	}

	fn fix_rate(id: InstitutionId) -> DispatchResult {
		let rate = math::rate_of(T::Clearing::free_reserve(id), Self::exposed(id));
		for program in ProgramsOf::<T>::get(id) {
			Programs::<T>::mutate_extant(program, |program| program.rate = Some(rate));
		}
		// What its reserve lacks is in the rate now, and points expire again.
		Self::end_shortfall(id)?;
		Self::deposit_event(Event::RateFixed { institution: id, rate });
		Ok(())
	}
}
