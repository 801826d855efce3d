namespace DtMcp.Simulator.Scenarios;

// How many of everything. An office of natural size has about 14,000 connections a day; people, machines and sites grow with the
// connections, up to about 5,000 devices and 50,000 outside hosts. Where a number of devices is given people and machines are as many.
internal readonly record struct OfficeSize(int Connections, int Workstations, int Sites, double Thinning)
{
    private const double NaturalPerDay = 14_000;
    private const int NaturalPeople = 32;

    // The plan has addresses for 90 * 180 workstations, and 49, 39 and 29 servers.
    private const int MostPeople = 16_200;

    public int Printers => Share(10, 2);

    public int Phones => Share(4, 3);

    public int Cameras => Share(4, 3);

    public int Sensors => Share(8, 2);

    public int Recorders => 1 + (Cameras / 40);

    public int Hubs => 1 + (Sensors / 40);

    public int Controllers => Math.Min(1 + ((Workstations + 31) / 120), 49);

    public int FileServers => Math.Min(1 + (Workstations / 150), 39);

    public int MailServers => Math.Min(1 + (Workstations / 400), 29);

    // What grows with the people.
    private int Devices =>
        Workstations + Printers + Phones + Cameras + Recorders + Sensors + Hubs + Controllers + FileServers + MailServers;

    public int Saas => Math.Clamp(Sites / 11, 8, 240);

    public int Cdn => Math.Clamp(Sites / 14, 6, 240);

    public int Calls => Math.Clamp(Sites / 32, 4, 120);

    public int Relays => Math.Clamp(Sites / 14, 6, 400);

    public int Visitors => Math.Clamp(Sites / 12, 6, 2_000);

    public static OfficeSize Of(long connections, int devices, int days, SplitMix random)
    {
        var target = connections > 0 ? (int)connections : (int)(days * NaturalPerDay * random.Between(0.93, 1.07));
        var scale = target / (days * NaturalPerDay);
        var size = new OfficeSize(
            target,
            Workstations: (int)Math.Clamp(NaturalPeople * scale, 8, 2_800),
            Sites: (int)Math.Clamp(270 * scale, 24, 44_000),
            Thinning: Math.Clamp(scale * 1.5, 0.03, 1));
        if (devices == 0)
        {
            return size;
        }

        size = size with { Workstations = People(size, devices) };
        return size with { Thinning = Math.Clamp(scale * 1.5 * NaturalPeople / size.Workstations, 0.03, 1) };
    }

    // The most people who have no more machines together.
    private static int People(OfficeSize size, int devices)
    {
        var (few, many) = (8, MostPeople);
        while (few < many)
        {
            var middle = (few + many + 1) / 2;
            (few, many) = (size with { Workstations = middle }).Devices <= devices ? (middle, many) : (few, middle - 1);
        }

        return few;
    }

    private int Share(int part, int least) => Math.Max(Workstations / part, least);
}
