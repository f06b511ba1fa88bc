import QtQuick
import Alveole
import Alveole.Models

// The dark bar that never moves: the main action, and language or home, comfort, listen, help.
Rectangle {
    id: bar

    required property AppViewModel app
    readonly property ScreenViewModel vm: app.screen
    readonly property bool atHome: app.route === "hive"
    readonly property bool stacked: Theme.large || Theme.landscape
    readonly property bool backHere: Theme.low && !atHome
    readonly property int buttons: backHere ? 5 : 4
    readonly property int columns: Theme.landscape ? 2 : stacked ? buttons : Math.ceil(buttons / 2)
    readonly property int space: Theme.px(16)

    color: Theme.bar
    implicitHeight: flow.implicitHeight + Theme.px(56)

    Rectangle {
        width: parent.width
        height: 3
        visible: Theme.contrast && !Theme.landscape
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
        columns: bar.stacked || !main.visible ? 1 : 2
        columnSpacing: Theme.gap
        rowSpacing: Theme.px(20)

        MainButton {
            id: main

            visible: bar.vm.actionTitle !== ""
            width: bar.stacked ? flow.width : flow.width - Theme.gap - grid.width
            height: bar.stacked ? implicitHeight : grid.height
            glyph: bar.vm.actionGlyph
            title: bar.vm.actionTitle
            detail: bar.vm.actionDetail
            honey: bar.vm.actionHoney
            onTapped: bar.vm.act()
        }

        Grid {
            id: grid

            readonly property real wide: bar.stacked || !main.visible ? flow.width : Theme.px(330) / 2 * bar.columns
            readonly property real cell: (wide - bar.space * (columns - 1)) / columns

            columns: main.visible || bar.stacked ? bar.columns : bar.buttons
            columnSpacing: bar.space
            rowSpacing: bar.space

            SideButton {
                visible: bar.backHere
                width: grid.cell
                glyph: "arrow-left"
                word: qsTr("Retour")
                onTapped: bar.vm.back()
            }

            SideButton {
                width: grid.cell
                glyph: bar.atHome ? "language" : "home"
                word: bar.atHome ? qsTr("Français") : qsTr("Accueil")
                onTapped: bar.atHome ? bar.app.show("languages", "") : bar.app.home()
            }

            SideButton {
                width: grid.cell
                glyph: "accessible"
                word: qsTr("Confort")
                onTapped: if (bar.app.route !== "comfort")
                    bar.app.show("comfort", "")
            }

            SideButton {
                width: grid.cell
                glyph: "volume"
                word: qsTr("Écouter")
                chosen: bar.app.caption !== ""
                onTapped: bar.app.listen()
            }

            SideButton {
                width: grid.cell
                glyph: "lifebuoy"
                word: qsTr("Aide")
                onTapped: if (bar.app.route !== "help")
                    bar.app.show("help", "")
            }
        }
    }
}
