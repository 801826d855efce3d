namespace DtMcp.Simulator.Scenarios;

// Ordinary days. First what must be in every one of them, so that nothing ordinary is ever new: each device, each site, each habit. Then
// what runs by the clock. Then life as it comes, until the wanted number of connections is there.
internal sealed class Routine
{
    private const int Wheel = 4096;

    private readonly OfficePlan _plan;
    private readonly RecordBuilder _recordBuilder;
    private readonly SplitMix _random;
    private readonly Habits _habits;
    private readonly Habit[] _all;
    private readonly Habit[] _wheel = new Habit[Wheel];
    private readonly OfficeDevice[] _planned;
    private readonly OfficeDevice[] _people;
    private readonly Site[] _sites;

    public Routine(OfficePlan plan, RecordBuilder recordBuilder, SplitMix random)
    {
        (_plan, _recordBuilder, _random) = (plan, recordBuilder, random);
        _habits = new Habits(plan, recordBuilder, random.Fork(1));
        _planned = [.. plan.Devices];
        _people = plan.Of(DeviceKind.Workstation);
        _sites = [.. plan.Sites.Ordinary];
        _all = Habits();
        Spin();
    }

    /// <summary>What every day has to have.</summary>
    public void Live(int day)
    {
        foreach (var site in _sites)
        {
            _habits.Visit(site, _recordBuilder.Days.DrawInside(day, DayCurve.Office, _random));
        }

        foreach (var device in _planned)
        {
            _habits.Go(device, _recordBuilder.Days.DrawInside(day, DayCurve.Office, _random));
            _habits.Call(device, _recordBuilder.Days.DrawInside(day, DayCurve.Office, _random));
        }

        foreach (var person in _people)
        {
            _habits.LinkChatter(person, _recordBuilder.Days.DrawInside(day, DayCurve.Office, _random));
        }

        foreach (var habit in _all)
        {
            for (var i = 0; i < 3; i++)
            {
                habit.Do(Actor(habit), _recordBuilder.Days.DrawInside(day, habit.Curve, _random));
            }
        }

        RunByTheClock(day);
    }

    /// <summary>Life as it comes, until there are so many connections.</summary>
    public void FillUp(int connections)
    {
        while (_recordBuilder.Count < connections)
        {
            var habit = _wheel[_random.Below(Wheel)];
            habit.Do(Actor(habit), _recordBuilder.Days.Draw(_random.Below(_recordBuilder.Days.Count), habit.Curve, _random));
        }
    }

    // What is regular goes to hosts that many devices use: time, updates.
    private void RunByTheClock(int day)
    {
        var thinning = _plan.Size.Thinning;
        var sites = _plan.Sites;
        var clocks = 0;
        foreach (var device in _planned)
        {
            switch (device.Kind)
            {
                case DeviceKind.Phone or DeviceKind.Printer or DeviceKind.Controller or DeviceKind.Recorder when device.Address.IsIPv4:
                    for (var i = 0; i < 2; i++)
                    {
                        var clock = sites.Time[clocks++ % sites.Time.Length];
                        Every(day, Math.Max(1, (int)(24 * thinning)), 20_000, at => _habits.Clock(device, clock, at));
                    }

                    break;
                case DeviceKind.Workstation when device.Address.IsIPv4:
                    var updates = sites.Updates[device.Index % sites.Updates.Length];
                    Every(day, Math.Max(1, (int)(6 * thinning)), 600_000, at => _habits.Update(device, updates, at));
                    break;
                default:
                    break;
            }

            if (device.Address.IsIPv4
                && device.Kind is (DeviceKind.FileServer or DeviceKind.MailServer or DeviceKind.Controller or DeviceKind.WebServer))
            {
                _habits.BackUp(device, _recordBuilder.Days.Draw(day, DayCurve.Night, _random));
            }
        }
    }

    private void Every(int day, int times, int wobbleMs, Action<long> happen)
    {
        var period = OfficeDays.DayMs / times;
        var start = _recordBuilder.Days.StartOf(day);
        var phase = 1 + (long)(_random.Unit() * (period - wobbleMs - 1));
        for (var i = 0; i < times; i++)
        {
            happen(start + (i * period) + phase + _random.Below(wobbleMs));
        }
    }

    private OfficeDevice Actor(Habit habit) => habit.Actors[_random.Skewed(habit.Actors.Length, habit.Skew)];

    private Habit[] Habits()
    {
        var (people, phones, cameras, sensors) = (_people, _plan.Of(DeviceKind.Phone), _plan.Of(DeviceKind.Camera),
            _plan.Of(DeviceKind.Sensor));
        var (controllers, mail, admin) = (_plan.Of(DeviceKind.Controller), _plan.Of(DeviceKind.MailServer),
            _plan.Of(DeviceKind.Administration));
        var (web, gateways) = (_plan.Of(DeviceKind.WebServer), _plan.Of(DeviceKind.VpnGateway));
        OfficeDevice[] servers = [.. _plan.Of(DeviceKind.FileServer), .. mail, .. controllers];
        return
        [
            new(_habits.Lookup, people, DayCurve.Office, 24, 1.25),
            new(_habits.Browse, people, DayCurve.Office, 11, 1.25),
            new(_habits.Saas, people, DayCurve.Office, 12, 1.25),
            new(_habits.Cdn, people, DayCurve.Office, 7, 1.25),
            new(_habits.Meet, people, DayCurve.Office, 0.35, 1.1),
            new(_habits.Logon, people, DayCurve.Office, 5, 1.1),
            new(_habits.Directory, people, DayCurve.Office, 5, 1.1),
            new(_habits.Policy, people, DayCurve.Office, 2, 1),
            new(_habits.OfficeClock, people, DayCurve.Flat, 2, 1),
            new(_habits.Files, people, DayCurve.Office, 8, 1.2),
            new(_habits.Mail, people, DayCurve.Office, 6, 1.2),
            new(_habits.Print, people, DayCurve.Office, 1.2, 1.1),
            new(_habits.Share, people, DayCurve.Office, 1, 1),
            new(_habits.Announce, people, DayCurve.Office, 3, 1),
            new(_habits.LinkChatter, people, DayCurve.Office, 1.5, 1),
            new(_habits.Lease, people, DayCurve.Office, 1, 1),
            new(_habits.Six, _plan.Twins(), DayCurve.Office, 1.5, 1),
            new(_habits.SendMail, mail, DayCurve.Office, 0.8, 1),
            new(_habits.ReceiveMail, mail, DayCurve.Office, 1, 1),
            new(_habits.Resolve, controllers, DayCurve.Office, 3, 1),
            new(_habits.Welcome, web, DayCurve.Office, 2, 1),
            new(_habits.RemoteWork, gateways, DayCurve.Office, 0.2, 1),
            new(_habits.Register, phones, DayCurve.Flat, 2, 1),
            new(_habits.Telephone, phones, DayCurve.Office, 0.7, 1),
            new(_habits.Record, cameras, DayCurve.Flat, 1.2, 1),
            new(_habits.Sense, sensors, DayCurve.Flat, 1, 1),
            new(_habits.Monitor, admin, DayCurve.Flat, 1.5, 1),
            new(_habits.Administer, admin, DayCurve.Office, 0.3, 1),
            new(_habits.BackUp, servers, DayCurve.Night, 0.1, 1),
        ];
    }

    // Each habit has its share of the wheel: a draw costs one look-up.
    private void Spin()
    {
        var total = _all.Sum(habit => habit.Weight);
        var (slot, reached) = (0, 0.0);
        foreach (var habit in _all)
        {
            reached += habit.Weight / total;
            while (slot < Wheel && slot < reached * Wheel)
            {
                _wheel[slot++] = habit;
            }
        }

        _wheel.AsSpan(slot).Fill(_all[0]);
    }

    private sealed record Habit(Action<OfficeDevice, long> Do, OfficeDevice[] Actors, DayCurve Curve, double Weight, double Skew);
}
