using DtMcp.Darktrace;
using DtMcp.Darktrace.Errors;
using DtMcp.Darktrace.Sending;
using DtMcp.Darktrace.Signing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace DtMcp.Tests.Support;

internal static class Clients
{
    public const string PublicToken = "public-token-of-tests";
    public const string PrivateToken = "private-token-of-tests";

    public static readonly DateTimeOffset Now = new(2026, 1, 15, 9, 0, 0, TimeSpan.Zero);

    public static DarktraceOptions Options(string host = "https://appliance.test") =>
        new() { Host = new Uri(host), PublicToken = PublicToken, PrivateToken = new Secret(PrivateToken) };

    public static DarktraceClient Over(HttpMessageHandler wire, TimeProvider time, ILoggerFactory? loggers = null) =>
        DarktraceClient.Create(Options(), time, loggers, wire);

    /// <summary>Lets the clock run until the task is done.</summary>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider time, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await task;
    }

    public static async Task<ApplianceException> FailAsync<T>(this FakeTimeProvider time, Task<T> task) =>
        await Assert.ThrowsAsync<ApplianceException>(() => time.RunAsync(task));
}
