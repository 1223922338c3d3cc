{#- Needs no input, so it is built once and then kept. Holidays are those that the law of each country names. -#}
with days as (
    select explode(sequence(date '2009-01-01', date '2035-12-31')) as date_day
),

parts as (
    select
        date_day,
        year(date_day) as y,
        month(date_day) as m,
        day(date_day) as d,
        weekday(date_day) as day_of_week, -- 0 is Monday
        -- The fiscal year begins on 1 April: nine months later it is the January of the year that gives it its number.
        add_months(date_day, 9) as fiscal_day
    from days
),

-- Gauss's rule as it holds from 1900 to 2099; its two exceptions fall outside the calendar.
easter as (
    select
        *,
        (19 * (y % 19) + 24) % 30 as full_moon,
        datediff(date_day, make_date(y, 3, 22)) - full_moon - (2 * (y % 4) + 4 * (y % 7) + 6 * full_moon + 5) % 7 as after_easter
    from parts
),

holidays as (
    select
        *,
        case
            when date_day = date '2011-04-29' then 'Royal Wedding'
            when date_day = date '2012-06-05' then 'Diamond Jubilee'
            when date_day = date '2022-06-03' then 'Platinum Jubilee'
            when date_day = date '2022-09-19' then 'State Funeral of Queen Elizabeth II'
            when date_day = date '2023-05-08' then 'Coronation of King Charles III'
            when after_easter = -2 then 'Good Friday'
            when after_easter = 1 then 'Easter Monday'
            when m = 1 and d = 1 and day_of_week < 5 then 'New Year'
            when m = 1 and d in (2, 3) and day_of_week = 0 then 'New Year (substitute day)'
            when date_day = date '2020-05-08' or (m = 5 and d <= 7 and day_of_week = 0 and y <> 2020) then 'Early May Bank Holiday'
            when date_day in (date '2012-06-04', date '2022-06-02') then 'Spring Bank Holiday'
            when m = 5 and d >= 25 and day_of_week = 0 and y not in (2012, 2022) then 'Spring Bank Holiday'
            when m = 8 and d >= 25 and day_of_week = 0 then 'Summer Bank Holiday'
            when m = 12 and d = 25 and day_of_week < 5 then 'Christmas Day'
            when m = 12 and d = 26 and day_of_week < 5 then 'Boxing Day'
            when m = 12 and d = 27 and day_of_week in (0, 1) then 'Christmas Day (substitute day)'
            when m = 12 and d = 28 and day_of_week in (0, 1) then 'Boxing Day (substitute day)'
        end as holiday_gb,
        case
            when m = 1 and d = 1 then 'New Year'
            when after_easter = -2 then 'Good Friday'
            when after_easter = 1 then 'Easter Monday'
            when m = 5 and d = 1 then 'Labour Day'
            when after_easter = 39 then 'Ascension Day'
            when after_easter = 50 then 'Whit Monday'
            when m = 10 and d = 3 then 'German Unity Day'
            when date_day = date '2017-10-31' then 'Reformation Day'
            when m = 12 and d = 25 then 'Christmas Day'
            when m = 12 and d = 26 then 'Second Christmas Day'
        end as holiday_de,
        case
            when m = 1 and d = 1 then 'New Year'
            when after_easter = 1 then 'Easter Monday'
            when m = 5 and d = 1 then 'Labour Day'
            when m = 5 and d = 8 then 'Victory Day'
            when after_easter = 39 then 'Ascension Day'
            when after_easter = 50 then 'Whit Monday'
            when m = 7 and d = 14 then 'Bastille Day'
            when m = 8 and d = 15 then 'Assumption'
            when m = 11 and d = 1 then 'All Saints'
            when m = 11 and d = 11 then 'Armistice Day'
            when m = 12 and d = 25 then 'Christmas Day'
        end as holiday_fr
    from easter
)

select
    date_day,
    y as year,
    quarter(date_day) as quarter,
    m as month,
    date_format(date_day, 'MMMM') as month_name,
    d as day_of_month,
    dayofyear(date_day) as day_of_year,
    cast(extract(yearofweek from date_day) as int) as iso_year,
    weekofyear(date_day) as iso_week,
    day_of_week + 1 as iso_day_of_week,
    date_format(date_day, 'EEEE') as day_name,
    day_of_week >= 5 as is_weekend,
    year(fiscal_day) as fiscal_year,
    quarter(fiscal_day) as fiscal_quarter,
    month(fiscal_day) as fiscal_month,
    holiday_gb,
    holiday_de,
    holiday_fr,
    day_of_week < 5 and holiday_gb is null as is_working_day_gb,
    day_of_week < 5 and holiday_de is null as is_working_day_de,
    day_of_week < 5 and holiday_fr is null as is_working_day_fr
from holidays
