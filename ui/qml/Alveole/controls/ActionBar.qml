import QtQuick
import Alveole
import Alveole.Models

// The dark bar that never moves: the main action, and the way home, language, comfort, help, end.
Rectangle {
    id: bar

    required property AppViewModel app
    readonly property ScreenViewModel vm: app.screen
    readonly property bool acts: vm.actionTitle !== ""
    readonly property bool atHome: app.atHome
    readonly property bool backHere: Theme.low && !atHome
    readonly property bool stacked: Theme.large || Theme.landscape || Theme.low
    readonly property bool tight: Theme.landscape && Theme.low
    readonly property bool bare: tight && Theme.large
    readonly property int buttons: (atHome ? 4 : 6) + (backHere ? 1 : 0)
    readonly property int half: Math.ceil(buttons / 2)
    readonly property int columns: Theme.landscape ? 2 : !stacked ? half : Theme.large && buttons > 4 ? half : buttons
    readonly property int space: Theme.px(16)

    function showOnce(route: string) {
        if (bar.app.route !== route)
            bar.app.show(route, "");
    }

    color: Theme.bar
    implicitHeight: flow.implicitHeight + Theme.px(56)

    Rectangle {
        width: Theme.landscape ? 3 : parent.width
        height: Theme.landscape ? parent.height : 3
        visible: Theme.contrast
        color: Theme.line
    }

    Grid {
        id: flow

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.leftMargin: Theme.landscape ? Theme.gap : Theme.margin
        anchors.rightMargin: Theme.landscape ? Theme.gap : Theme.margin
        anchors.bottomMargin: Theme.px(28)
        columns: bar.stacked || !bar.acts ? 1 : 2
        columnSpacing: Theme.gap
        rowSpacing: Theme.px(20)

        MainButton {
            id: main

            visible: bar.acts
            width: bar.stacked ? flow.width : flow.width - Theme.gap - grid.width
            height: bar.stacked ? implicitHeight : Math.max(grid.height, implicitHeight)
            glyph: bar.tight ? "" : bar.vm.actionGlyph
            title: bar.vm.actionTitle
            detail: bar.tight ? "" : bar.vm.actionDetail
            honey: bar.vm.actionHoney
            onTapped: bar.vm.act()
        }

        Grid {
            id: grid

            readonly property real wide: bar.stacked || !bar.acts ? flow.width : (Theme.px(157) + bar.space) * bar.columns - bar.space
            readonly property real cell: (wide - bar.space * (columns - 1)) / columns

            columns: bar.acts || bar.stacked ? bar.columns : bar.buttons
            columnSpacing: bar.space
            rowSpacing: bar.space

            SideButton {
                visible: bar.backHere
                width: grid.cell
                glyph: bar.bare ? "" : "arrow-left"
                word: qsTr("Retour")
                onTapped: bar.vm.back()
            }

            SideButton {
                visible: !bar.atHome
                width: grid.cell
                glyph: bar.bare ? "" : "home"
                word: qsTr("Accueil")
                onTapped: bar.app.home()
            }

            SideButton {
                width: grid.cell
                glyph: bar.bare ? "" : "language"
                word: bar.app.languageName
                description: qsTr("Changer de langue")
                onTapped: bar.showOnce("languages")
            }

            SideButton {
                width: grid.cell
                glyph: bar.bare ? "" : "accessible"
                word: qsTr("Confort")
                onTapped: bar.showOnce("comfort")
            }

            SideButton {
                width: grid.cell
                glyph: bar.bare ? "" : chosen ? "x" : "volume"
                word: chosen ? qsTr("Arrêter") : qsTr("Écouter")
                chosen: bar.app.speaking
                onTapped: bar.app.listen()
            }

            SideButton {
                width: grid.cell
                glyph: bar.bare ? "" : "lifebuoy"
                word: qsTr("Aide")
                onTapped: bar.showOnce("help")
            }

            SideButton {
                visible: !bar.atHome
                width: grid.cell
                glyph: bar.bare ? "" : "logout"
                word: qsTr("Terminer")
                description: qsTr("Efface tout de cet écran")
                onTapped: bar.app.end()
            }
        }
    }
}
