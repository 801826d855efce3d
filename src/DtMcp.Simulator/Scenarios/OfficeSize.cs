namespace DtMcp.Simulator.Scenarios;

// How many of everything. An office of natural size has about 14,000 connections a day; people, machines and sites grow with the
// connections, up to about 5,000 devices and 50,000 outside hosts.
internal readonly record struct OfficeSize(int Connections, int Workstations, int Sites, double Thinning)
{
    private const double NaturalPerDay = 14_000;

    public int Printers => Share(10, 2);

    public int Phones => Share(4, 3);

    public int Cameras => Share(4, 3);

    public int Sensors => Share(8, 2);

    public int Controllers => 1 + ((Workstations + 31) / 120);

    public int FileServers => 1 + (Workstations / 150);

    public int MailServers => 1 + (Workstations / 400);

    public int Saas => Math.Clamp(Sites / 11, 8, 240);

    public int Cdn => Math.Clamp(Sites / 14, 6, 240);

    public int Calls => Math.Clamp(Sites / 32, 4, 120);

    public int Relays => Math.Clamp(Sites / 14, 6, 400);

    public int Visitors => Math.Clamp(Sites / 12, 6, 2_000);

    public static OfficeSize Of(long connections, int days, SplitMix random)
    {
        var target = connections > 0 ? (int)connections : (int)(days * NaturalPerDay * random.Between(0.93, 1.07));
        var scale = target / (days * NaturalPerDay);
        return new OfficeSize(
            target,
            Workstations: (int)Math.Clamp(32 * scale, 8, 2_800),
            Sites: (int)Math.Clamp(270 * scale, 24, 44_000),
            Thinning: Math.Clamp(scale * 1.5, 0.03, 1));
    }

    private int Share(int part, int least) => Math.Max(Workstations / part, least);
}
